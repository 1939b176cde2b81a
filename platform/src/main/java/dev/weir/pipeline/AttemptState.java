package dev.weir.pipeline;

import java.util.Locale;

/** Where an attempt stands. It starts running and ends once. */
enum AttemptState {
    RUNNING,
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    CANCELLED,
    /** Its process ended or its lease ran out; whatever it still does is refused. */
    LOST;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
