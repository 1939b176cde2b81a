package dev.weir.ml.stats;

import java.util.Arrays;

/**
 * Percentiles of measured values, for example latencies in milliseconds. A gate on p99 should have
 * seen 1,000 calls or more, without warm-up.
 */
public final class Percentiles {
    private final double[] sorted;

    private Percentiles(double[] sorted) {
        this.sorted = sorted;
    }

    /**
     * Sorts a copy of the values.
     *
     * @param values in any unit and order, at least one, no NaN
     */
    public static Percentiles of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values: none (expected: at least one)");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Percentiles(sorted);
    }

    /** How many values there are. */
    public int count() {
        return sorted.length;
    }

    /**
     * The smallest value that at least this share of all values does not exceed (inverted CDF). It
     * is always a value that was measured.
     *
     * @param percent above 0 and at most 100, for example 99.9
     */
    public double nearestRank(double percent) {
        check(percent);
        int rank = (int) Math.ceil(percent * sorted.length / 100 - 1e-9);
        return sorted[Math.max(rank, 1) - 1];
    }

    /** Linear interpolation between ranks (type 7 of Hyndman and Fan 1996). */
    public double interpolated(double percent) {
        check(percent);
        double position = percent / 100 * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /** The arithmetic mean. */
    public double mean() {
        return Arrays.stream(sorted).sum() / sorted.length;
    }

    /** The largest value. */
    public double max() {
        return sorted[sorted.length - 1];
    }

    private static void check(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException(
                    "percentile: " + percent + " (expected: above 0 and at most 100)");
        }
    }
}
