package dev.weir.ml.traffic;

import dev.weir.store.meta.Times;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A span of an endpoint's traffic.
 *
 * @param from the first moment of it
 * @param to the moment after the last
 */
public record Window(Instant from, Instant to) {
    public Window {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException(
                    "window: " + from + " to " + to + " (expected: ascending)");
        }
    }

    /**
     * The windows of one length that are over, aligned: each begins a whole number of lengths after
     * 1970-01-01 in UTC, so that everybody who asks means the same ones.
     *
     * @param since windows that begin before are left out
     * @param now windows that end after are left out
     */
    public static List<Window> aligned(Duration length, Instant since, Instant now) {
        long step = micros(length);
        List<Window> windows = new ArrayList<>();
        long first = Math.ceilDiv(Times.micros(since), step) * step;
        for (long from = first; from + step <= Times.micros(now); from += step) {
            windows.add(new Window(Times.instant(from), Times.instant(from + step)));
        }
        return windows;
    }

    /** The aligned window that holds a moment. */
    public static Window around(Instant moment, Duration length) {
        return numbered(Math.floorDiv(Times.micros(moment), micros(length)), length);
    }

    /** The window that begins this many lengths after the epoch. */
    static Window numbered(long number, Duration length) {
        long step = micros(length);
        return new Window(Times.instant(number * step), Times.instant((number + 1) * step));
    }

    /** A length in microseconds, at least 1. */
    static long micros(Duration length) {
        long micros = length.toNanos() / 1000;
        if (micros < 1) {
            throw new IllegalArgumentException("length: " + length + " (expected: above 0)");
        }
        return micros;
    }
}
