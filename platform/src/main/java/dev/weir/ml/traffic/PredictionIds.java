package dev.weir.ml.traffic;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives prediction ids, each above the one before, also where the clock stands or steps back: 26
 * digits of Crockford's base 32, in the form of a ULID. Two processes differ by the chance that
 * each drew once: to give an id costs a look at the clock and one compare-and-set.
 *
 * <p>The id of a request of one row names that row. Of several rows each is named by the id, a dot,
 * and the row's number from 0: {@code 06EVBD0A5G0008QJ3Y0RZKX8VN.3}. Outcomes refer to these.
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
    public String next() {
        long fresh = clock.millis() << 16;
        while (true) {
            long before = last.get();
            long given = Math.max(fresh, before + 1);
            if (last.compareAndSet(before, given)) {
                return new PredictionId(given, chance).toString();
            }
        }
    }

    /** The name of one row of a request, from 0. */
    public static String row(String id, int row, int rows) {
        return rows == 1 ? id : id + "." + row;
    }
}
