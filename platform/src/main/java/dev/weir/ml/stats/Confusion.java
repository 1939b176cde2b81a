package dev.weir.ml.stats;

import static dev.weir.ml.stats.Rows.ratio;

import org.jspecify.annotations.Nullable;

/**
 * How often truth and decision met, as sums of weights (counts where there are no weights). A score
 * of at least the threshold is a positive decision.
 */
public record Confusion(
        double trueNegatives, double falsePositives, double falseNegatives, double truePositives) {

    /** Counts decisions against truths. */
    public static Confusion of(
            double[] scores, boolean[] truth, double @Nullable [] weights, double threshold) {
        Rows.sameLength(scores.length, truth.length, "truth");
        double tn = 0;
        double fp = 0;
        double fn = 0;
        double tp = 0;
        for (int i = 0; i < scores.length; i++) {
            double weight = Rows.weight(weights, i);
            if (scores[i] >= threshold) {
                if (truth[i]) {
                    tp += weight;
                } else {
                    fp += weight;
                }
            } else if (truth[i]) {
                fn += weight;
            } else {
                tn += weight;
            }
        }
        return new Confusion(tn, fp, fn, tp);
    }

    /** Sum of all weights. */
    public double total() {
        return trueNegatives + falsePositives + falseNegatives + truePositives;
    }

    double accuracy() {
        return (truePositives + trueNegatives) / total();
    }

    double balancedAccuracy() {
        return (truePositives / (truePositives + falseNegatives)
                        + trueNegatives / (trueNegatives + falsePositives))
                / 2;
    }

    double precision() {
        return ratio(truePositives, truePositives + falsePositives, 0);
    }

    double recall() {
        return ratio(truePositives, truePositives + falseNegatives, 0);
    }

    double specificity() {
        return ratio(trueNegatives, trueNegatives + falsePositives, 0);
    }

    double f1() {
        return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives, 0);
    }

    double mcc() {
        double product =
                (truePositives + falsePositives)
                        * (truePositives + falseNegatives)
                        * (trueNegatives + falsePositives)
                        * (trueNegatives + falseNegatives);
        return ratio(
                truePositives * trueNegatives - falsePositives * falseNegatives,
                Math.sqrt(product),
                0);
    }

    double positiveRate() {
        return (truePositives + falsePositives) / total();
    }
}
