package dev.weir.pipeline;

import java.time.Duration;

/**
 * How often a step is tried when it fails. What the machine breaks (a killed process, a lost lease)
 * uses up none of them.
 *
 * @param attempts at least 1
 * @param backoff before the second attempt; doubled before each further one
 */
public record Retries(int attempts, Duration backoff) {
    /** One attempt. */
    public static final Retries NONE = new Retries(1, Duration.ZERO);

    public Retries {
        if (attempts < 1 || backoff.isNegative()) {
            throw new IllegalArgumentException(
                    "retries: %d attempts, backoff %s (expected: at least 1, not negative)"
                            .formatted(attempts, backoff));
        }
    }

    Duration before(int attempt) {
        return attempt <= 1 ? Duration.ZERO : backoff.multipliedBy(1L << Math.min(attempt - 2, 10));
    }
}
