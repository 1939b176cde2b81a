package dev.weir.ml.stats;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Weights of both classes at each distinct score, ascending: all that the rank metrics need. Costs
 * one sort of primitives and one binary search for each row.
 *
 * @param positive sum of weights of positive rows at the i-th lowest distinct score
 * @param negative the same of negative rows
 */
record Ranking(double[] positive, double[] negative) {

    /**
     * The places of scores among the distinct ones.
     *
     * @param of row by row, from 0 for the lowest
     * @param order the rows, from the lowest score up
     * @param distinct how many there are
     */
    record Ranks(int[] of, int[] order, int distinct) {
        static Ranks of(double[] scores) {
            double[] distinct = Ranking.distinct(scores);
            int[] ranks = new int[scores.length];
            for (int i = 0; i < scores.length; i++) {
                ranks[i] = Arrays.binarySearch(distinct, scores[i] + 0.0);
            }
            return new Ranks(ranks, order(ranks, distinct.length), distinct.length);
        }

        private static int[] order(int[] ranks, int distinct) {
            int[] from = new int[distinct + 1];
            for (int rank : ranks) {
                from[rank + 1]++;
            }
            for (int rank = 0; rank < distinct; rank++) {
                from[rank + 1] += from[rank];
            }
            int[] order = new int[ranks.length];
            for (int i = 0; i < ranks.length; i++) {
                order[from[ranks[i]]++] = i;
            }
            return order;
        }
    }

    static Ranking of(double[] scores, boolean[] truth, double @Nullable [] weights) {
        return of(Ranks.of(scores), truth, weights);
    }

    static Ranking of(Ranks ranks, boolean[] truth, double @Nullable [] weights) {
        double[] positive = new double[ranks.distinct()];
        double[] negative = new double[ranks.distinct()];
        for (int i = 0; i < truth.length; i++) {
            (truth[i] ? positive : negative)[ranks.of()[i]] += Rows.weight(weights, i);
        }
        return new Ranking(positive, negative);
    }

    /** Sorted, without repetitions; -0.0 counts as 0.0. */
    static double[] distinct(double[] values) {
        double[] sorted = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            sorted[i] = values[i] + 0.0;
        }
        Arrays.sort(sorted);
        int n = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[n - 1]) {
                sorted[n++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, n);
    }

    /**
     * Probability that a positive row ranks above a negative one, ties counted half; NaN if
     * undefined.
     */
    double rocAuc() {
        double below = 0;
        double wins = 0;
        for (int i = 0; i < positive.length; i++) {
            wins += positive[i] * (below + negative[i] / 2);
            below += negative[i];
        }
        return wins / (below * Arrays.stream(positive).sum());
    }

    /**
     * Sum of (R_n - R_{n-1}) P_n, from the highest score down, ties together; NaN without
     * positives.
     */
    double averagePrecision() {
        double total = Arrays.stream(positive).sum();
        double tp = 0;
        double seen = 0;
        double sum = 0;
        for (int i = positive.length - 1; i >= 0; i--) {
            tp += positive[i];
            seen += positive[i] + negative[i];
            sum += positive[i] * Rows.ratio(tp, seen, 0);
        }
        return sum / total;
    }

    /**
     * Area under precision over recall by trapezoids, from (recall 0, precision 1); NaN without
     * positives.
     */
    double prAucTrapezoid() {
        double total = Arrays.stream(positive).sum();
        double tp = 0;
        double seen = 0;
        double area = 0;
        double lastPrecision = 1;
        for (int i = positive.length - 1; i >= 0; i--) {
            tp += positive[i];
            seen += positive[i] + negative[i];
            double precision = Rows.ratio(tp, seen, lastPrecision);
            area += positive[i] * (precision + lastPrecision) / 2;
            lastPrecision = precision;
        }
        return area / total;
    }

    /**
     * Largest distance between the cumulative distributions of both classes; NaN without one of
     * them.
     */
    double ks() {
        double positives = Arrays.stream(positive).sum();
        double negatives = Arrays.stream(negative).sum();
        double p = 0;
        double n = 0;
        double largest = positive.length == 0 ? Double.NaN : 0;
        for (int i = 0; i < positive.length; i++) {
            p += positive[i];
            n += negative[i];
            largest = Math.max(largest, Math.abs(p / positives - n / negatives));
        }
        return largest;
    }
}
