package dev.weir.ml.stats;

import org.jspecify.annotations.Nullable;

/** The metrics of {@link Task#BINARY}. */
public final class BinaryMetrics {
    private static final double CLIP = 1e-15;
    private static final int BINS = 10;

    private BinaryMetrics() {}

    /**
     * Measures probabilities against outcomes.
     *
     * @param scores probability of the positive class, in [0, 1]
     * @param truth whether the row is positive
     * @param weights one for each row, 0 or more; null for rows that count alike
     * @param threshold a score of at least this much is a positive decision
     * @throws dev.weir.base.problem.ProblemException (STEP) for scores or weights that are not
     *     finite, scores outside [0, 1], or negative weights
     */
    public static Metrics of(
            double[] scores, boolean[] truth, double @Nullable [] weights, double threshold) {
        return on(scores, truth, threshold).under(weights);
    }

    /** As {@link #of}, for many weights of the same rows. */
    public static Measurement on(double[] scores, boolean[] truth, double threshold) {
        Rows.sameLength(scores.length, truth.length, "truth");
        Rows.probabilities(scores);
        Ranking.Ranks ranks = Ranking.Ranks.of(scores);
        double[] losses = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            double p = Math.clamp(scores[i], CLIP, 1 - CLIP);
            losses[i] = -Math.log(truth[i] ? p : 1 - p);
        }
        return weights -> measured(scores, truth, threshold, ranks, losses, weights);
    }

    private static Metrics measured(
            double[] scores,
            boolean[] truth,
            double threshold,
            Ranking.Ranks ranks,
            double[] losses,
            double @Nullable [] weights) {
        Rows.weights(weights, scores.length);
        Confusion confusion = Confusion.of(scores, truth, weights, threshold);
        Ranking ranking = Ranking.of(ranks, truth, weights);
        return new Metrics.Gathering()
                .put(Metric.ROC_AUC, ranking.rocAuc())
                .put(Metric.AVERAGE_PRECISION, ranking.averagePrecision())
                .put(Metric.PR_AUC, ranking.prAucTrapezoid())
                .put(Metric.LOG_LOSS, Rows.mean(losses, weights))
                .put(Metric.BRIER, brier(scores, truth, weights))
                .put(Metric.ECE, calibrationError(scores, truth, weights))
                .put(Metric.KS, ranking.ks())
                .put(Metric.ACCURACY, confusion.accuracy())
                .put(Metric.BALANCED_ACCURACY, confusion.balancedAccuracy())
                .put(Metric.PRECISION, emptyAsUndefined(confusion, confusion.precision()))
                .put(Metric.RECALL, emptyAsUndefined(confusion, confusion.recall()))
                .put(Metric.F1, emptyAsUndefined(confusion, confusion.f1()))
                .put(Metric.SPECIFICITY, emptyAsUndefined(confusion, confusion.specificity()))
                .put(Metric.MCC, emptyAsUndefined(confusion, confusion.mcc()))
                .put(Metric.POSITIVE_RATE, confusion.positiveRate())
                .metrics();
    }

    /**
     * 0/0 counts as 0 for one class or decision that is missing, but not where there is no row at
     * all.
     */
    private static double emptyAsUndefined(Confusion confusion, double value) {
        return confusion.total() == 0 ? Double.NaN : value;
    }

    private static double brier(double[] scores, boolean[] truth, double @Nullable [] weights) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            double difference = scores[i] - (truth[i] ? 1 : 0);
            sum += Rows.weight(weights, i) * difference * difference;
        }
        return sum / Rows.total(weights, scores.length);
    }

    /** Sum over bins of |sum of scores - positives|, over all rows: the bin's share cancels out. */
    private static double calibrationError(
            double[] scores, boolean[] truth, double @Nullable [] weights) {
        double[] gap = new double[BINS];
        for (int i = 0; i < scores.length; i++) {
            int bin = Math.min((int) (scores[i] * BINS), BINS - 1);
            gap[bin] += Rows.weight(weights, i) * (scores[i] - (truth[i] ? 1 : 0));
        }
        double sum = 0;
        for (double each : gap) {
            sum += Math.abs(each);
        }
        return sum / Rows.total(weights, scores.length);
    }
}
