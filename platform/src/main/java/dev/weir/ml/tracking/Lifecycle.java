package dev.weir.ml.tracking;

import java.util.Locale;

/** Whether an experiment or a run is in use. */
public enum Lifecycle {
    /** In use. */
    ACTIVE,
    /** Deleted, and can still be restored; nothing is written to it. */
    DELETED;

    /** The word that people and JSON use: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Lifecycle of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
