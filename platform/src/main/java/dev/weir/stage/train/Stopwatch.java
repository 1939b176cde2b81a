package dev.weir.stage.train;

import java.util.LinkedHashMap;
import java.util.Map;

/** Takes the time of one phase after the other. */
final class Stopwatch {
    private static final double NANOS = 1e9;

    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private long last = System.nanoTime();

    /** Ends the phase of this name; the next begins. */
    void lap(String phase) {
        long now = System.nanoTime();
        seconds.put(phase, (now - last) / NANOS);
        last = now;
    }

    /** Seconds of each phase, in their order. */
    Map<String, Double> seconds() {
        return seconds;
    }
}
