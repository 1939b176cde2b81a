package dev.weir.stage.deploy;

import dev.weir.ml.traffic.Origin;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A version that hears copies of requests, on a queue and a thread of its own. The primary never
 * waits for it: a copy that finds the queue full is dropped, and counted. What it says is kept in
 * the prediction log under the id of the request that it heard, so that both can be read side by
 * side.
 */
final class Shadow {
    private static final int MOST_WAITING = 256;

    /** Copies wait with their rows in memory. */
    private static final int MOST_ROWS = 10_000;

    private static final double SAME_NUMBER = 0.01;

    private record Copy(
            LiveRoute route, Rows rows, Prediction said, @Nullable String key, long micros) {}

    private final LiveVersion version;
    private final Origin origin;
    private final Meter meter = new Meter();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder mismatched = new LongAdder();
    private final BlockingQueue<Copy> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicInteger waitingRows = new AtomicInteger();
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

    void hear(LiveRoute route, Rows rows, Prediction said, @Nullable String key, long micros) {
        boolean room = waitingRows.addAndGet(rows.count()) <= MOST_ROWS;
        if (!room || !queue.offer(new Copy(route, rows, said, key, micros))) {
            waitingRows.addAndGet(-rows.count());
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
                Copy copy = queue.take();
                waitingRows.addAndGet(-copy.rows().count());
                answer(copy);
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
            copy.route().keep(origin, rows, prediction, copy.key(), 1, copy.micros(), nanos);
            if (evidence != null) {
                Testimony.answered(evidence.recorder().candidate(), prediction, nanos);
            }
            compare(copy.said(), prediction, evidence);
        } catch (RuntimeException e) { // whatever it was, the shadow failed at this copy
            meter.failed();
            if (evidence != null) {
                evidence.recorder().candidate().failed("500");
            }
        }
    }

    private void compare(
            Prediction primary, Prediction shadow, LiveRoute.@Nullable Window evidence) {
        int differing = 0;
        for (int row = 0; row < shadow.rows(); row++) {
            boolean same =
                    shadow.decides()
                            ? primary.decision(row).equals(shadow.decision(row))
                            : near(primary.outputs()[row], shadow.outputs()[row]);
            differing += same ? 0 : 1;
        }
        mismatched.add(differing);
        if (evidence != null) { // by request: the rows of one are no independent witnesses
            double distance = 0;
            for (int i = 0; i < shadow.outputs().length; i++) {
                distance = Math.max(distance, Math.abs(primary.outputs()[i] - shadow.outputs()[i]));
            }
            evidence.recorder().compared(differing == 0, distance);
        }
    }

    private static boolean near(double a, double b) {
        return Math.abs(a - b) <= SAME_NUMBER * Math.max(Math.abs(a), Math.abs(b));
    }
}
