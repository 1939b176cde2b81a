package dev.weir.stage.deploy;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.traffic.Origin;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * A version that hears copies of requests, on a queue and a thread of its own. The primary never
 * waits for it: a copy that finds the queue full is dropped, and counted. What it says is kept in
 * the prediction log under the id of the request that it heard, so that both can be read side by
 * side.
 */
final class Shadow {
    private static final int MOST_WAITING = 256;
    private static final double SAME_NUMBER = 0.01;

    private record Copy(LiveRoute route, Rows rows, Prediction said, long micros) {}

    private final LiveVersion version;
    private final Origin origin;
    private final Meter meter = new Meter();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder mismatched = new LongAdder();
    private final BlockingQueue<Copy> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;

    Shadow(String endpoint, LiveVersion version) {
        this.version = version;
        this.origin = version.origin(Role.SHADOW);
        version.hold();
        this.thread = Thread.ofPlatform().daemon().name("shadow-" + endpoint).start(this::listen);
    }

    LiveVersion version() {
        return version;
    }

    Meter meter() {
        return meter;
    }

    long dropped() {
        return dropped.sum();
    }

    /** Rows to which it gave another label than the primary, or a number that is far from it. */
    long mismatched() {
        return mismatched.sum();
    }

    void hear(LiveRoute route, Rows rows, Prediction said, long micros) {
        if (!queue.offer(new Copy(route, rows, said, micros))) {
            dropped.increment();
            LiveRoute.Window evidence = route.evidence();
            if (evidence != null) {
                evidence.recorder().dropped();
            }
        }
    }

    /** Ends it; what waits is dropped. */
    void end() {
        thread.interrupt();
    }

    private void listen() {
        try {
            while (true) {
                answer(queue.take());
            }
        } catch (InterruptedException e) {
            // it was ended
        } finally {
            version.letGo();
        }
    }

    private void answer(Copy copy) {
        LiveRoute.Window evidence = copy.route().evidence();
        long before = System.nanoTime();
        try {
            Rows rows = copy.rows().as(version.signature());
            float[] outputs = version.score(rows);
            long nanos = System.nanoTime() - before;
            meter.answered(nanos, rows.count());
            Prediction prediction =
                    new Prediction(
                            copy.said().id(),
                            version.placed().version(),
                            Role.SHADOW,
                            version.signature(),
                            rows.count(),
                            outputs);
            copy.route().keep(origin, rows, prediction, null, 1, copy.micros(), nanos);
            if (evidence != null) {
                Testimony.answered(evidence.recorder().candidate(), prediction, nanos);
            }
            compare(copy.said(), prediction, evidence);
        } catch (ProblemException e) {
            meter.failed();
            if (evidence != null) {
                evidence.recorder().candidate().failed("500");
            }
        }
    }

    private void compare(
            Prediction primary,
            Prediction shadow,
            LiveRoute.@org.jspecify.annotations.Nullable Window evidence) {
        int width = shadow.signature().width();
        for (int row = 0; row < shadow.rows(); row++) {
            boolean same =
                    shadow.decides()
                            ? primary.decision(row).equals(shadow.decision(row))
                            : near(primary.outputs()[row], shadow.outputs()[row]);
            if (!same) {
                mismatched.increment();
            }
            if (evidence != null) {
                double distance = 0;
                for (int k = row * width; k < (row + 1) * width; k++) {
                    distance =
                            Math.max(
                                    distance, Math.abs(primary.outputs()[k] - shadow.outputs()[k]));
                }
                evidence.recorder().compared(same, distance);
            }
        }
    }

    private static boolean near(double a, double b) {
        return Math.abs(a - b) <= SAME_NUMBER * Math.max(Math.abs(a), Math.abs(b));
    }
}
