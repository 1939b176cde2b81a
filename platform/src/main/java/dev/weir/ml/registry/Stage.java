package dev.weir.ml.registry;

import java.util.Locale;

/** Where a model version stands. MLflow's {@code None} is {@code development}. */
public enum Stage {
    /** Registered; not judged yet, or its gates said no. */
    DEVELOPMENT,
    /** Its gates passed: it may be promoted. */
    STAGING,
    /** In use. */
    PRODUCTION,
    /** Out of use, and kept. */
    ARCHIVED;

    /** The word that people and JSON use: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The stage of this word. */
    public static Stage of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
