package dev.weir.ml.stats;

import static dev.weir.ml.stats.Rows.ratio;

import org.jspecify.annotations.Nullable;

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
        return on(probabilities, classes, truth).under(null);
    }

    /** As {@link #of}, for many weights of the same rows. */
    public static Measurement on(double[] probabilities, int classes, int[] truth) {
        int rows = truth.length;
        Rows.sameLength(rows * classes, probabilities.length, "probabilities");
        Rows.probabilities(probabilities);
        int[] decisions = decisions(probabilities, classes, rows);
        double[] losses = losses(probabilities, classes, truth);
        double[] amongTwo = amongTwo(probabilities, classes, truth);
        Ranking.Ranks[] ranks = new Ranking.Ranks[classes];
        for (int k = 0; k < classes; k++) {
            double[] scores = new double[rows];
            for (int i = 0; i < rows; i++) {
                scores[i] = probabilities[i * classes + k];
            }
            ranks[k] = Ranking.Ranks.of(scores);
        }
        return weights -> {
            Rows.weights(weights, rows);
            double total = Rows.total(weights, rows);
            if (total == 0) {
                return nothing();
            }
            Metrics.Gathering gathered = new Metrics.Gathering();
            decided(gathered, confusion(decisions, classes, truth, weights), total);
            double[] areas = areas(ranks, classes, truth, weights);
            return gathered.put(Metric.LOG_LOSS, Rows.mean(losses, weights))
                    .put(Metric.TOP2_ACCURACY, Rows.mean(amongTwo, weights))
                    .put(Metric.ROC_AUC_OVR, areas[0])
                    .put(Metric.ROC_AUC_OVO, areas[1])
                    .metrics();
        };
    }

    /**
     * As {@link #of}, where only decisions are known: what takes probabilities is undefined.
     *
     * @param decisions the class that each row was given, from 0
     * @param weights one for each row, 0 or more; null for rows that count alike
     */
    public static Metrics ofDecisions(
            int[] decisions, int classes, int[] truth, double @Nullable [] weights) {
        Rows.sameLength(truth.length, decisions.length, "decisions");
        Rows.weights(weights, truth.length);
        double total = Rows.total(weights, truth.length);
        if (total == 0) {
            return nothing();
        }
        Metrics.Gathering gathered = new Metrics.Gathering();
        Metric.of(Task.MULTICLASS).forEach(metric -> gathered.put(metric, Double.NaN));
        decided(gathered, confusion(decisions, classes, truth, weights), total);
        return gathered.metrics();
    }

    private static Metrics nothing() {
        Metrics.Gathering nothing = new Metrics.Gathering();
        Metric.of(Task.MULTICLASS).forEach(metric -> nothing.put(metric, Double.NaN));
        return nothing.metrics();
    }

    /** The metrics of decisions: all that the confusion tells. */
    private static void decided(Metrics.Gathering gathered, double[][] confusion, double total) {
        int classes = confusion.length;
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
        double accuracy = right / total;
        double square = total * total;
        gathered.put(Metric.ACCURACY, accuracy)
                .put(
                        Metric.MCC,
                        ratio(
                                right * total - chance,
                                Math.sqrt((square - predictedSquares) * (square - truthSquares)),
                                0))
                .put(Metric.COHEN_KAPPA, (accuracy - chance / square) / (1 - chance / square))
                .put(Metric.PRECISION_MACRO, precision.macro(classes))
                .put(Metric.PRECISION_MICRO, accuracy)
                .put(Metric.PRECISION_WEIGHTED, precision.weighted(total))
                .put(Metric.RECALL_MACRO, recall.macro(classes))
                .put(Metric.RECALL_MICRO, accuracy)
                .put(Metric.RECALL_WEIGHTED, recall.weighted(total))
                .put(Metric.F1_MACRO, f1.macro(classes))
                .put(Metric.F1_MICRO, accuracy)
                .put(Metric.F1_WEIGHTED, f1.weighted(total));
    }

    /** The most probable class of each row, the first of equals. Shapes as in {@link #of}. */
    public static int[] decisions(double[] probabilities, int classes, int rows) {
        int[] decisions = new int[rows];
        for (int i = 0; i < rows; i++) {
            int decision = 0;
            for (int k = 1; k < classes; k++) {
                if (probabilities[i * classes + k] > probabilities[i * classes + decision]) {
                    decision = k;
                }
            }
            decisions[i] = decision;
        }
        return decisions;
    }

    /**
     * Sums of weights (counts where there are none): rows are truths, columns are decisions.
     *
     * @param decisions the class that each row was given, from 0
     */
    public static double[][] confusion(
            int[] decisions, int classes, int[] truth, double @Nullable [] weights) {
        double[][] sums = new double[classes][classes];
        for (int i = 0; i < truth.length; i++) {
            sums[truth[i]][decisions[i]] += Rows.weight(weights, i);
        }
        return sums;
    }

    private static double[] losses(double[] probabilities, int classes, int[] truth) {
        double[] losses = new double[truth.length];
        for (int i = 0; i < truth.length; i++) {
            double total = 0;
            for (int k = 0; k < classes; k++) {
                total += Math.clamp(probabilities[i * classes + k], CLIP, 1 - CLIP);
            }
            double p = Math.clamp(probabilities[i * classes + truth[i]], CLIP, 1 - CLIP);
            losses[i] = -Math.log(p / total);
        }
        return losses;
    }

    /** 1 where the truth is among the two most probable classes, else 0. */
    private static double[] amongTwo(double[] probabilities, int classes, int[] truth) {
        double[] hits = new double[truth.length];
        for (int i = 0; i < truth.length; i++) {
            double own = probabilities[i * classes + truth[i]];
            int before = 0;
            for (int k = 0; k < classes; k++) {
                double other = probabilities[i * classes + k];
                if (other > own || (other == own && k > truth[i])) {
                    before++;
                }
            }
            hits[i] = before < 2 ? 1 : 0;
        }
        return hits;
    }

    /**
     * The mean AUC of each class against the rest, and of each ordered pair of classes. For one
     * class its probability is gone through once, from the lowest up: of each other class it is
     * known how much of it lies below.
     */
    private static double[] areas(
            Ranking.Ranks[] ranks, int classes, int[] truth, double @Nullable [] weights) {
        double[] mass = new double[classes];
        for (int i = 0; i < truth.length; i++) {
            mass[truth[i]] += Rows.weight(weights, i);
        }
        double rest = 0;
        double pairs = 0;
        for (int k = 0; k < classes; k++) {
            double[] wins = wins(ranks[k], k, classes, truth, weights);
            double others = 0;
            double won = 0;
            for (int j = 0; j < classes; j++) {
                if (j != k) {
                    pairs += wins[j] / (mass[k] * mass[j]);
                    others += mass[j];
                    won += wins[j];
                }
            }
            rest += won / (mass[k] * others);
        }
        return new double[] {rest / classes, pairs / (classes * (classes - 1.0))};
    }

    /** By other class: the weight of pairs in which the row of {@code own} ranks above. */
    private static double[] wins(
            Ranking.Ranks ranks, int own, int classes, int[] truth, double @Nullable [] weights) {
        double[] wins = new double[classes];
        double[] below = new double[classes];
        double[] tied = new double[classes];
        int[] order = ranks.order();
        int next = 0;
        while (next < order.length) {
            int first = next;
            int rank = ranks.of()[order[first]];
            double ours = 0;
            for (; next < order.length && ranks.of()[order[next]] == rank; next++) {
                int row = order[next];
                if (truth[row] == own) {
                    ours += Rows.weight(weights, row);
                } else {
                    tied[truth[row]] += Rows.weight(weights, row);
                }
            }
            if (ours > 0) {
                for (int j = 0; j < classes; j++) {
                    wins[j] += ours * (below[j] + tied[j] / 2);
                }
            }
            for (int i = first; i < next; i++) {
                int other = truth[order[i]];
                below[other] += tied[other];
                tied[other] = 0;
            }
        }
        return wins;
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

        double weighted(double rows) {
            return byRows / rows;
        }
    }
}
