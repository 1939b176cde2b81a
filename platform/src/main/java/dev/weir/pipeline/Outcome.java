package dev.weir.pipeline;

import java.util.Locale;

/** What became of a step in a run. */
public enum Outcome {
    EXECUTED,
    CACHED,
    SKIPPED,
    FAILED;

    /** As JSON and tables have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The outcome of this text. */
    public static Outcome parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
