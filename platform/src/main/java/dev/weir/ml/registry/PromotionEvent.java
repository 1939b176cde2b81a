package dev.weir.ml.registry;

import java.util.Locale;

/** What happens to a promotion that somebody asked for. */
enum PromotionEvent {
    /** It has all approvals that it needs. */
    APPROVED,
    /** Somebody said no, or who asked took it back. */
    REJECTED,
    /** The version, its verdicts, its stage or production changed. */
    CHANGED,
    /** A rollout took it up. */
    STARTED,
    /** The version moved. */
    FINISHED,
    /** Its rollout was aborted, or the stages refused the move. */
    FAILED;

    String words() {
        return name().toLowerCase(Locale.ROOT);
    }
}
