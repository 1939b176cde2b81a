package dev.weir.ml.stats;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** The metrics of {@link Task#REGRESSION}. */
public final class RegressionMetrics {
    private RegressionMetrics() {}

    /**
     * Measures predictions against outcomes. MAPE leaves rows with an outcome of 0 out; {@link
     * #zeroTargets} says how many these are.
     *
     * @param predictions in units of the target
     * @param truth in units of the target
     * @param weights one for each row, 0 or more; null for rows that count alike
     * @throws dev.weir.base.problem.ProblemException (STEP) for numbers that are not finite, or
     *     negative weights
     */
    public static Metrics of(double[] predictions, double[] truth, double @Nullable [] weights) {
        int rows = predictions.length;
        Rows.sameLength(rows, truth.length, "truth");
        Rows.finite(predictions, "prediction");
        Rows.finite(truth, "truth");
        Rows.weights(weights, rows);
        Sums sums = Sums.of(predictions, truth, weights);
        double total = Rows.total(weights, rows);
        double mse = sums.squared / total;
        double bias = sums.error / total;
        return new Metrics.Gathering()
                .put(Metric.R2, rows < 2 ? Double.NaN : explained(sums.squared, sums.deviation))
                .put(Metric.RMSE, Math.sqrt(mse))
                .put(Metric.MAE, sums.absolute / total)
                .put(Metric.MSE, mse)
                .put(Metric.MEDIAN_ABSOLUTE_ERROR, medianAbsolute(predictions, truth, weights))
                .put(Metric.MAX_ERROR, rows == 0 ? Double.NaN : sums.largest)
                .put(Metric.MEAN_ERROR, bias)
                .put(
                        Metric.EXPLAINED_VARIANCE,
                        rows == 0 ? Double.NaN : explained(sums.errorDeviation, sums.deviation))
                .put(Metric.MAPE, sums.relative / sums.relativeWeight)
                .put(Metric.SMAPE, sums.symmetric / total)
                .put(Metric.RMSLE, Math.sqrt(sums.logSquared / total))
                .metrics();
    }

    /** As {@link #of}, for many weights of the same rows. */
    public static Measurement on(double[] predictions, double[] truth) {
        return weights -> of(predictions, truth, weights);
    }

    /** How many rows MAPE leaves out. */
    public static int zeroTargets(double[] truth) {
        int zeros = 0;
        for (double each : truth) {
            if (each == 0) {
                zeros++;
            }
        }
        return zeros;
    }

    /** 1 - residual / total; of a constant target 1 where nothing is left, else 0. */
    private static double explained(double residual, double total) {
        if (total == 0) {
            return residual == 0 ? 1 : 0;
        }
        return 1 - residual / total;
    }

    private static double medianAbsolute(
            double[] predictions, double[] truth, double @Nullable [] weights) {
        int rows = truth.length;
        if (rows == 0) {
            return Double.NaN;
        }
        double[] errors = new double[rows];
        for (int i = 0; i < rows; i++) {
            errors[i] = Math.abs(predictions[i] - truth[i]);
        }
        if (weights == null) {
            Arrays.sort(errors);
            return (errors[(rows - 1) / 2] + errors[rows / 2]) / 2;
        }
        double[] distinct = Ranking.distinct(errors);
        double[] mass = new double[distinct.length];
        for (int i = 0; i < rows; i++) {
            mass[Arrays.binarySearch(distinct, errors[i])] += weights[i];
        }
        double half = Rows.total(weights, rows) / 2;
        double below = 0;
        for (int i = 0; i < mass.length; i++) {
            below += mass[i];
            if (below >= half) {
                return distinct[i];
            }
        }
        return distinct[distinct.length - 1];
    }

    /**
     * Weighted sums over all rows; deviations are around weighted means, taken in a second pass.
     */
    private static final class Sums {
        double error;
        double absolute;
        double squared;
        double largest;
        double relative;
        double relativeWeight;
        double symmetric;
        double logSquared;
        double deviation;
        double errorDeviation;

        static Sums of(double[] predictions, double[] truth, double @Nullable [] weights) {
            Sums sums = new Sums();
            double truthSum = 0;
            for (int i = 0; i < truth.length; i++) {
                double weight = Rows.weight(weights, i);
                sums.add(predictions[i], truth[i], weight);
                truthSum += weight * truth[i];
            }
            double total = Rows.total(weights, truth.length);
            double meanTruth = truthSum / total;
            double meanError = sums.error / total;
            for (int i = 0; i < truth.length; i++) {
                double weight = Rows.weight(weights, i);
                double deviation = truth[i] - meanTruth;
                double errorDeviation = predictions[i] - truth[i] - meanError;
                sums.deviation += weight * deviation * deviation;
                sums.errorDeviation += weight * errorDeviation * errorDeviation;
            }
            return sums;
        }

        private void add(double prediction, double truth, double weight) {
            double difference = prediction - truth;
            double size = Math.abs(difference);
            error += weight * difference;
            absolute += weight * size;
            squared += weight * difference * difference;
            largest = Math.max(largest, size);
            if (truth != 0) {
                relative += weight * size / Math.abs(truth);
                relativeWeight += weight;
            }
            symmetric += weight * Rows.ratio(2 * size, Math.abs(truth) + Math.abs(prediction), 0);
            double logs =
                    truth < 0 || prediction < 0
                            ? Double.NaN
                            : Math.log1p(prediction) - Math.log1p(truth);
            logSquared += weight * logs * logs;
        }
    }
}
