package dev.weir.ml.gate;

import java.util.Locale;

/** What it means that a rule is not met. */
public enum Severity {
    /** The work stops at this gate. */
    ERROR,
    /** The work goes on, and the reader is warned. */
    WARN;

    /** The word that people and JSON use: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The severity of this word. */
    public static Severity of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
