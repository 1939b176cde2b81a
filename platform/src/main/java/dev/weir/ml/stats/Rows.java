package dev.weir.ml.stats;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

/** Checks and sums that all metrics share. */
final class Rows {
    private Rows() {}

    /** Arrays of one batch have one length: anything else is a defect of the caller. */
    static void sameLength(int expected, int found, String what) {
        if (expected != found) {
            throw new IllegalArgumentException(
                    what + ": " + found + " rows (expected: " + expected + ")");
        }
    }

    /** The weight of a row: 1 where there are none. */
    static double weight(double @Nullable [] weights, int row) {
        return weights == null ? 1 : weights[row];
    }

    /** The sum of the weights, or the count of rows. */
    static double total(double @Nullable [] weights, int rows) {
        if (weights == null) {
            return rows;
        }
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return sum;
    }

    /** The mean of what each row has; NaN where no row counts. */
    static double mean(double[] values, double @Nullable [] weights) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += weight(weights, i) * values[i];
        }
        return sum / total(weights, values.length);
    }

    /**
     * Refuses values that no metric can take.
     *
     * @throws dev.weir.base.problem.ProblemException for NaN and infinities (a failed step: a model
     *     gave them)
     */
    static void finite(double[] values, String what) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw Problem.step(
                                "metrics.not_finite",
                                what
                                        + " of row "
                                        + (i + 1)
                                        + ": "
                                        + values[i]
                                        + " (expected: a finite number)")
                        .exception();
            }
        }
    }

    /** Refuses what is no probability: NaN, and values outside [0, 1]. */
    static void probabilities(double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] >= 0 && values[i] <= 1)) {
                throw Problem.step(
                                "metrics.not_a_probability",
                                "score of row "
                                        + (i + 1)
                                        + ": "
                                        + values[i]
                                        + " (expected: 0 to 1)")
                        .exception();
            }
        }
    }

    /** Refuses negative or unfinite weights, and arrays of another length. */
    static void weights(double @Nullable [] weights, int rows) {
        if (weights == null) {
            return;
        }
        sameLength(rows, weights.length, "weights");
        finite(weights, "weight");
        for (int i = 0; i < rows; i++) {
            if (weights[i] < 0) {
                throw Problem.step(
                                "metrics.negative_weight",
                                "weight of row "
                                        + (i + 1)
                                        + ": "
                                        + weights[i]
                                        + " (expected: 0 or more)")
                        .exception();
            }
        }
    }

    /** {@code a / b}, or {@code otherwise} where b is 0. */
    static double ratio(double a, double b, double otherwise) {
        return b == 0 ? otherwise : a / b;
    }
}
