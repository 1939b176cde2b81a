package dev.weir.ml.traffic;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives prediction ids, each above the one before, also where the clock stands or steps back. Two
 * processes differ by the chance that each drew once: to give an id costs a look at the clock and
 * one compare-and-set.
 */
public final class PredictionIds {
    private final Clock clock;
    private final long chance;
    private final AtomicLong last = new AtomicLong();

    /**
     * @param chance what no other process has
     */
    public PredictionIds(Clock clock, long chance) {
        this.clock = clock;
        this.chance = chance;
    }

    /** Ids that no other process gives; one of these for each process. */
    public static PredictionIds of(Clock clock) {
        return new PredictionIds(clock, new SecureRandom().nextLong());
    }

    /** The next id. */
    public PredictionId next() {
        long fresh = clock.millis() << 16;
        while (true) {
            long before = last.get();
            long given = Math.max(fresh, before + 1);
            if (last.compareAndSet(before, given)) {
                return new PredictionId(given, chance);
            }
        }
    }
}
