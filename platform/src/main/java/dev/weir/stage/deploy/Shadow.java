package dev.weir.stage.deploy;

import dev.weir.base.problem.ProblemException;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * A version that hears copies of requests, on a queue and a thread of its own. The primary never
 * waits for it: a copy that finds the queue full is dropped, and counted.
 */
final class Shadow {
    private static final int MOST_WAITING = 256;
    private static final double SAME_NUMBER = 0.01;

    private record Copy(Rows rows, Prediction said) {}

    private final String endpoint;
    private final LiveVersion version;
    private final Meter meter = new Meter();
    private final Witness witness;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder mismatched = new LongAdder();
    private final BlockingQueue<Copy> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;

    Shadow(String endpoint, LiveVersion version, Witness witness) {
        this.endpoint = endpoint;
        this.version = version;
        this.witness = witness;
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

    /** Rows to which it gave another label than the primary. */
    long mismatched() {
        return mismatched.sum();
    }

    void hear(Rows rows, Prediction said) {
        if (!queue.offer(new Copy(rows, said))) {
            dropped.increment();
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
            witness.answered(endpoint, version.placed(), rows, prediction, null, 1, nanos);
            compare(copy.said(), prediction);
        } catch (ProblemException e) {
            meter.failed();
            witness.failed(endpoint, version.placed(), Role.SHADOW, System.nanoTime() - before);
        }
    }

    private void compare(Prediction primary, Prediction shadow) {
        int agreed = 0;
        for (int row = 0; row < shadow.rows(); row++) {
            boolean same =
                    shadow.decides()
                            ? primary.decision(row).equals(shadow.decision(row))
                            : near(primary.outputs()[row], shadow.outputs()[row]);
            agreed += same ? 1 : 0;
        }
        double farthest = 0;
        for (int i = 0; i < shadow.outputs().length; i++) {
            farthest = Math.max(farthest, Math.abs(primary.outputs()[i] - shadow.outputs()[i]));
        }
        mismatched.add(shadow.rows() - agreed);
        witness.compared(endpoint, shadow.rows(), agreed, farthest);
    }

    private static boolean near(double a, double b) {
        return Math.abs(a - b) <= SAME_NUMBER * Math.max(Math.abs(a), Math.abs(b));
    }
}
