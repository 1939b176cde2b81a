package dev.weir.ml.registry;

import java.util.Locale;

/** What happens to a version and may move it to another stage. */
public enum StageEvent {
    /** All its gates let it pass. */
    VALIDATED,
    /** A gate said no. */
    REJECTED,
    /** Somebody moved it to production. */
    PROMOTED,
    /** Another version took its place in production. */
    SUPERSEDED,
    /** It was taken back from production. */
    ROLLED_BACK,
    /** It came back to production when the one after it was rolled back. */
    RESTORED,
    /** Somebody put it out of use. */
    RETIRED,
    /** Somebody put it in staging; it has no gates of its own. */
    STAGED,
    /** Somebody put it in production; it has no gates of its own. */
    RELEASED,
    /** Somebody took it back to development; it has no gates of its own. */
    WITHDRAWN;

    /** The words that people use: {@code rolled back}. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
