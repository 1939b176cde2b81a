package dev.weir.ml.stats.drift;

import java.util.Arrays;

/**
 * An empirical distribution: sorted values, and how much weight lies at or below each.
 *
 * @param values ascending, finite; equal ones may repeat
 * @param atMost ascending; of equal values the last counts
 */
record Distribution(double[] values, long[] atMost) {
    /** Every value by itself. */
    static Distribution of(double[] sorted) {
        long[] atMost = new long[sorted.length];
        Arrays.setAll(atMost, i -> i + 1);
        return new Distribution(sorted, atMost);
    }

    /** All weight. */
    long total() {
        return atMost.length == 0 ? 0 : atMost[atMost.length - 1];
    }

    /** The same with values moved into a range. */
    Distribution clipped(double low, double high) {
        return new Distribution(
                Arrays.stream(values).map(v -> Math.clamp(v, low, high)).toArray(), atMost);
    }

    /** The share of weight strictly below a value. */
    double below(double value) {
        int at = Arrays.binarySearch(values, value);
        int first = at >= 0 ? at : -at - 1;
        while (first > 0 && values[first - 1] >= value) {
            first--;
        }
        return first == 0 ? 0 : (double) atMost[first - 1] / total();
    }

    /** The smallest value that at least this share does not exceed; NaN of none. */
    double quantile(double share) {
        double wanted = share * total();
        for (int i = 0; i < values.length; i++) {
            if (atMost[i] >= wanted) {
                return values[i];
            }
        }
        return values.length == 0 ? Double.NaN : values[values.length - 1];
    }
}
