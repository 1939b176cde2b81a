package dev.weir.ml.stats.compare;

import dev.weir.ml.stats.Percentiles;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * The interval of a difference between two models on the same rows, by the percentiles of a paired
 * bootstrap (Efron and Tibshirani, 1993, chapter 13). The same seed gives the same interval.
 */
public final class PairedBootstrap {
    private PairedBootstrap() {}

    /**
     * Where the difference lies.
     *
     * @param difference the candidate's metric less production's, on all rows
     * @param low the lower end of the interval
     * @param high the upper end
     * @param draws how many of the draws had a metric for both: where a class was missing there is
     *     none
     */
    public record Interval(double difference, double low, double high, int draws) {}

    /**
     * Draws rows with replacement, the same for both.
     *
     * @param rows how many there are
     * @param candidate its metric on the rows of these numbers; NaN where it has none
     * @param production as the candidate
     * @param draws how often, at least 100
     * @param confidence of the interval, above 0 and below 1
     * @return NaN for both ends where fewer than half of the draws had a metric
     */
    public static Interval difference(
            int rows,
            ToDoubleFunction<int[]> candidate,
            ToDoubleFunction<int[]> production,
            int draws,
            double confidence,
            long seed) {
        if (rows < 1 || draws < 100) {
            throw new IllegalArgumentException(
                    "%d rows, %d draws (expected: at least 1 and 100)".formatted(rows, draws));
        }
        int[] all = new int[rows];
        Arrays.setAll(all, i -> i);
        double observed = candidate.applyAsDouble(all) - production.applyAsDouble(all);
        SplittableRandom random = new SplittableRandom(seed);
        double[] differences = new double[draws];
        int kept = 0;
        int[] sample = new int[rows];
        for (int d = 0; d < draws; d++) {
            for (int i = 0; i < rows; i++) {
                sample[i] = random.nextInt(rows);
            }
            double difference = candidate.applyAsDouble(sample) - production.applyAsDouble(sample);
            if (!Double.isNaN(difference)) {
                differences[kept++] = difference;
            }
        }
        if (2 * kept < draws) {
            return new Interval(observed, Double.NaN, Double.NaN, kept);
        }
        Percentiles drawn = Percentiles.of(Arrays.copyOf(differences, kept));
        double tail = 100 * (1 - confidence) / 2;
        return new Interval(
                observed, drawn.interpolated(tail), drawn.interpolated(100 - tail), kept);
    }
}
