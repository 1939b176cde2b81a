package dev.weir.ml.stats;

import static dev.weir.ml.stats.Rows.ratio;

import java.util.Arrays;

/** The metrics of {@link Task#MULTICLASS}. */
public final class MulticlassMetrics {
    private static final double CLIP = 1e-15;

    private MulticlassMetrics() {}

    /**
     * Measures probabilities against outcomes. The decision is the most probable class, the first
     * of equals. Averages over classes include a class that never occurs, with 0.
     *
     * @param probabilities rows x classes, row by row; rows need not add up to 1
     * @param classes how many classes there are, at least 2
     * @param truth the class of each row, from 0
     * @throws dev.weir.base.problem.ProblemException (STEP) for probabilities outside [0, 1]
     */
    public static Metrics of(double[] probabilities, int classes, int[] truth) {
        int rows = truth.length;
        Rows.sameLength(rows * classes, probabilities.length, "probabilities");
        Rows.probabilities(probabilities);
        if (rows == 0) {
            Metrics.Gathering nothing = new Metrics.Gathering();
            Metric.of(Task.MULTICLASS).forEach(metric -> nothing.put(metric, Double.NaN));
            return nothing.metrics();
        }
        long[][] confusion = confusion(probabilities, classes, truth);
        Averages precision = new Averages();
        Averages recall = new Averages();
        Averages f1 = new Averages();
        double right = 0;
        double chance = 0;
        double predictedSquares = 0;
        double truthSquares = 0;
        for (int k = 0; k < classes; k++) {
            double occurs = 0;
            double predicted = 0;
            for (int j = 0; j < classes; j++) {
                occurs += confusion[k][j];
                predicted += confusion[j][k];
            }
            double hits = confusion[k][k];
            right += hits;
            chance += occurs * predicted;
            predictedSquares += predicted * predicted;
            truthSquares += occurs * occurs;
            precision.add(ratio(hits, predicted, 0), occurs);
            recall.add(ratio(hits, occurs, 0), occurs);
            f1.add(ratio(2 * hits, occurs + predicted, 0), occurs);
        }
        double accuracy = right / rows;
        double square = (double) rows * rows;
        return new Metrics.Gathering()
                .put(Metric.LOG_LOSS, logLoss(probabilities, classes, truth))
                .put(Metric.ACCURACY, accuracy)
                .put(
                        Metric.MCC,
                        ratio(
                                right * rows - chance,
                                Math.sqrt((square - predictedSquares) * (square - truthSquares)),
                                0))
                .put(Metric.ROC_AUC_OVR, oneVersusRest(probabilities, classes, truth))
                .put(Metric.ROC_AUC_OVO, oneVersusOne(probabilities, classes, truth))
                .put(Metric.TOP2_ACCURACY, topTwo(probabilities, classes, truth))
                .put(Metric.COHEN_KAPPA, (accuracy - chance / square) / (1 - chance / square))
                .put(Metric.PRECISION_MACRO, precision.macro(classes))
                .put(Metric.PRECISION_MICRO, accuracy)
                .put(Metric.PRECISION_WEIGHTED, precision.weighted(rows))
                .put(Metric.RECALL_MACRO, recall.macro(classes))
                .put(Metric.RECALL_MICRO, accuracy)
                .put(Metric.RECALL_WEIGHTED, recall.weighted(rows))
                .put(Metric.F1_MACRO, f1.macro(classes))
                .put(Metric.F1_MICRO, accuracy)
                .put(Metric.F1_WEIGHTED, f1.weighted(rows))
                .metrics();
    }

    /** Counts: rows are truths, columns are decisions. Shapes as in {@link #of}. */
    public static long[][] confusion(double[] probabilities, int classes, int[] truth) {
        long[][] counts = new long[classes][classes];
        for (int i = 0; i < truth.length; i++) {
            int decision = 0;
            for (int k = 1; k < classes; k++) {
                if (probabilities[i * classes + k] > probabilities[i * classes + decision]) {
                    decision = k;
                }
            }
            counts[truth[i]][decision]++;
        }
        return counts;
    }

    private static double logLoss(double[] probabilities, int classes, int[] truth) {
        double sum = 0;
        for (int i = 0; i < truth.length; i++) {
            double total = 0;
            for (int k = 0; k < classes; k++) {
                total += Math.clamp(probabilities[i * classes + k], CLIP, 1 - CLIP);
            }
            double p = Math.clamp(probabilities[i * classes + truth[i]], CLIP, 1 - CLIP);
            sum -= Math.log(p / total);
        }
        return sum / truth.length;
    }

    private static double topTwo(double[] probabilities, int classes, int[] truth) {
        int hits = 0;
        for (int i = 0; i < truth.length; i++) {
            double own = probabilities[i * classes + truth[i]];
            int before = 0;
            for (int k = 0; k < classes; k++) {
                double other = probabilities[i * classes + k];
                if (other > own || (other == own && k > truth[i])) {
                    before++;
                }
            }
            if (before < 2) {
                hits++;
            }
        }
        return (double) hits / truth.length;
    }

    private static double oneVersusRest(double[] probabilities, int classes, int[] truth) {
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            double[] scores = new double[truth.length];
            boolean[] positive = new boolean[truth.length];
            for (int i = 0; i < truth.length; i++) {
                scores[i] = probabilities[i * classes + k];
                positive[i] = truth[i] == k;
            }
            sum += Ranking.of(scores, positive, null).rocAuc();
        }
        return sum / classes;
    }

    private static double oneVersusOne(double[] probabilities, int classes, int[] truth) {
        double sum = 0;
        for (int a = 0; a < classes; a++) {
            for (int b = 0; b < classes; b++) {
                if (a != b) {
                    sum += auc(probabilities, classes, truth, a, b);
                }
            }
        }
        return sum / (classes * (classes - 1.0));
    }

    /** How well the probability of {@code a} tells its rows from those of {@code b}. */
    private static double auc(double[] probabilities, int classes, int[] truth, int a, int b) {
        double[] scores = new double[truth.length];
        boolean[] positive = new boolean[truth.length];
        int rows = 0;
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] == a || truth[i] == b) {
                scores[rows] = probabilities[i * classes + a];
                positive[rows++] = truth[i] == a;
            }
        }
        return Ranking.of(Arrays.copyOf(scores, rows), positive, null).rocAuc();
    }

    /** A per-class figure, averaged over classes and over rows. */
    private static final class Averages {
        private double plain;
        private double byRows;

        void add(double value, double rows) {
            plain += value;
            byRows += value * rows;
        }

        double macro(int classes) {
            return plain / classes;
        }

        double weighted(int rows) {
            return byRows / rows;
        }
    }
}
