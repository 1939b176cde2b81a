package dev.weir.stage.train;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;

/** Takes the time of one phase after the other, on the wall and on the processors. */
final class Stopwatch {
    private static final double NANOS = 1e9;

    private final ObjectNode seconds = JsonNodeFactory.instance.objectNode();
    private final ObjectNode cpuSeconds = JsonNodeFactory.instance.objectNode();
    private long last = System.nanoTime();
    private double lastCpu;

    /**
     * Ends the phase of this name; the next begins. The first phase's CPU includes the JVM's start.
     */
    void lap(String phase) {
        long now = System.nanoTime();
        double cpu = cpu();
        seconds.put(phase, (now - last) / NANOS);
        cpuSeconds.put(phase, cpu - lastCpu);
        last = now;
        lastCpu = cpu;
    }

    /**
     * CPU of the whole process up to now, native threads included; 0 where the system does not
     * tell.
     */
    private static double cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos()
                / NANOS;
    }

    /** Seconds of each phase, in their order. */
    ObjectNode seconds() {
        return seconds;
    }

    /** CPU seconds of each phase, in their order. */
    ObjectNode cpuSeconds() {
        return cpuSeconds;
    }
}
