package dev.weir.stage.deploy;

import dev.weir.base.problem.Problem;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests an endpoint takes at once. A request that costs little is answered by the
 * thread that brought it; one that costs much waits for a processor, so that it holds up no small
 * one.
 */
final class Admission {
    /** From here on a request waits for its turn: a wait costs nothing beside so much work. */
    private static final double SLOW_NANOS = 2e6;

    private static final long PATIENCE_SECONDS = 30;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final Semaphore processors;

    Admission(int processors) {
        this.processors = new Semaphore(processors, true);
    }

    /**
     * Lets a request in; {@link #leave} ends it.
     *
     * @throws dev.weir.base.problem.ProblemException {@code endpoint.busy}, where {@code most} are
     *     in already
     */
    void enter(String endpoint, int most) {
        if (inFlight.incrementAndGet() > most) {
            inFlight.decrementAndGet();
            throw busy(endpoint, most + " requests are on their way");
        }
    }

    void leave() {
        inFlight.decrementAndGet();
    }

    private RuntimeException busy(String endpoint, String why) {
        refused.increment();
        return Problem.refused("endpoint.busy", endpoint + ": " + why + "; ask again later")
                .exception();
    }

    /** Waits until there is a processor for work of this size. True: {@link #done} ends it. */
    boolean turn(String endpoint, double nanos, int mostWaiting) {
        if (nanos < SLOW_NANOS) {
            return false;
        }
        if (processors.tryAcquire()) {
            return true;
        }
        try {
            if (waiting.incrementAndGet() > mostWaiting) {
                throw busy(endpoint, mostWaiting + " requests wait already");
            }
            if (!processors.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw busy(endpoint, "no turn came in " + PATIENCE_SECONDS + " s");
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy(endpoint, "the server ends");
        } finally {
            waiting.decrementAndGet();
        }
    }

    void done() {
        processors.release();
    }

    int inFlight() {
        return inFlight.get();
    }

    int waiting() {
        return waiting.get();
    }

    long refused() {
        return refused.sum();
    }
}
