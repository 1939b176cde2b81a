package dev.weir.ml.traffic;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Set;

/**
 * What of an endpoint's predictions is kept: {@code deploy.log} of the pipeline file.
 *
 * @param exclude inputs that are left out
 * @param mask inputs of which only a pseudonym is kept: equal values have equal ones
 * @param sample the share of requests that is kept, from 0 to 1; a request is kept with all its
 *     rows and variants, or not at all. The rate stands in each row
 * @param keep how long rows are kept
 * @param key the input that names whom a row is about, for outcomes by key and for erasure; only
 *     its pseudonym is kept. Null: the key is what the split went by
 */
public record LogPolicy(
        Set<String> exclude, Set<String> mask, double sample, Duration keep, @Nullable String key) {
    public LogPolicy {
        exclude = Set.copyOf(exclude);
        mask = Set.copyOf(mask);
        if (!(sample >= 0 && sample <= 1)) {
            throw new IllegalArgumentException("sample: " + sample + " (expected: from 0 to 1)");
        }
        if (!keep.isPositive()) {
            throw new IllegalArgumentException("keep: " + keep + " (expected: above 0)");
        }
    }

    /** Every column of every prediction, for 90 days. */
    public static LogPolicy usual() {
        return new LogPolicy(Set.of(), Set.of(), 1, Duration.ofDays(90), null);
    }
}
