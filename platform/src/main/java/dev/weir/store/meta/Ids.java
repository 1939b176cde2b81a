package dev.weir.store.meta;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Gives ids: 32 lower-case hexadecimal digits, unique, and sorted as they were given. They are the
 * time in milliseconds (12 digits), a count within the millisecond that starts at random (4 digits)
 * and chance (16 digits).
 */
@FunctionalInterface
public interface Ids {
    /** The next id. */
    String next();

    /** Ids that no other process gives. */
    static Ids of(Clock clock) {
        return new Sortable(clock, new SecureRandom());
    }

    /** Ids that a test meets again with the same seed and clock. */
    static Ids seeded(Clock clock, long seed) {
        return new Sortable(clock, RandomGeneratorFactory.of("SplittableRandom").create(seed));
    }

    /** Ids of one source, each above the one before, even where the clock stands or steps back. */
    final class Sortable implements Ids {
        private final Clock clock;
        private final RandomGenerator random;

        /** Guards {@link #last}. */
        private final ReentrantLock lock = new ReentrantLock();

        /** The time of the last id in the upper 48 bits, its count in the lower 16. */
        private long last;

        Sortable(Clock clock, RandomGenerator random) {
            this.clock = clock;
            this.random = random;
        }

        @Override
        public String next() {
            lock.lock();
            try {
                long fresh = (clock.millis() << 16) | (random.nextInt() & 0x0fff);
                last = Math.max(fresh, last + 1);
                HexFormat hex = HexFormat.of();
                return hex.toHexDigits(last) + hex.toHexDigits(random.nextLong());
            } finally {
                lock.unlock();
            }
        }
    }
}
