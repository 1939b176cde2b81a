package dev.weir.ml.gate.page;

import java.util.List;

/**
 * The shares of a column's values in bins, now and in the baseline.
 *
 * @param bins what each bin holds: {@code [17, 22)}, {@code Private}
 * @param baseline how many values of the baseline each holds; empty where there is none
 * @param current how many values now
 */
public record Histogram(List<String> bins, List<Long> baseline, List<Long> current) {
    public Histogram {
        bins = List.copyOf(bins);
        baseline = List.copyOf(baseline);
        current = List.copyOf(current);
        if (current.size() != bins.size()
                || !baseline.isEmpty() && baseline.size() != bins.size()) {
            throw new IllegalArgumentException(
                    "%d bins, %d counts now, %d of the baseline (expected: one of each for each bin)"
                            .formatted(bins.size(), current.size(), baseline.size()));
        }
    }

    /** The share of each count in their sum; zeros where the sum is 0. */
    static double[] shares(List<Long> counts) {
        double sum = counts.stream().mapToLong(Long::longValue).sum();
        return counts.stream().mapToDouble(count -> sum == 0 ? 0 : count / sum).toArray();
    }
}
