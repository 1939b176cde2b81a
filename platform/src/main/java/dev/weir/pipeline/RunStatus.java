package dev.weir.pipeline;

import java.util.Locale;

/** Where a run stands. */
public enum RunStatus {
    RUNNING,
    /** Every node was done. */
    PASSED,
    /** A transition said no. */
    REJECTED,
    /** A step or a transition failed. */
    FAILED,
    CANCELLED;

    /** As JSON and tables have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status of this text. */
    public static RunStatus parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
