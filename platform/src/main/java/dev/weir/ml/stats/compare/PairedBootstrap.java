package dev.weir.ml.stats.compare;

import dev.weir.ml.stats.Measurement;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.Percentiles;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * The interval of a difference between two models on the same rows, by the percentiles of a paired
 * bootstrap (Efron and Tibshirani, 1993, chapter 13). The same seed gives the same intervals.
 */
public final class PairedBootstrap {
    private static final int MOST_DRAWS = 1_000;
    private static final int FEWEST_DRAWS = 200;

    /** So many rows are drawn in all, where that leaves {@link #FEWEST_DRAWS}. */
    private static final int DRAWN_ROWS = 20_000_000;

    private PairedBootstrap() {}

    /**
     * Where a difference lies.
     *
     * @param difference the candidate's metric less production's, on all rows
     * @param low the lower end of the interval
     * @param high the upper end
     * @param draws how many of the draws had a metric for both: where a class was missing there is
     *     none
     */
    public record Interval(double difference, double low, double high, int draws) {}

    /** How many draws a table of so many rows is worth: 1,000, and fewer of many rows. */
    public static int draws(int rows) {
        return Math.clamp(DRAWN_ROWS / Math.max(rows, 1), FEWEST_DRAWS, MOST_DRAWS);
    }

    /**
     * Draws rows with replacement, the same for both.
     *
     * @param rows how many both models were measured on, at least 1
     * @param metrics what to compare
     * @param draws how often, at least 100
     * @param confidence of the interval, above 0 and below 1
     * @return an interval for each metric that both have on all rows; with NaN for both ends where
     *     fewer than half of the draws had it
     */
    public static Map<Metric, Interval> differences(
            int rows,
            Measurement candidate,
            Measurement production,
            Collection<Metric> metrics,
            int draws,
            double confidence,
            long seed) {
        if (rows < 1 || draws < 100) {
            throw new IllegalArgumentException(
                    "%d rows, %d draws (expected: at least 1 and 100)".formatted(rows, draws));
        }
        Metrics ours = candidate.under(null);
        Metrics theirs = production.under(null);
        Map<Metric, Drawn> drawn = new EnumMap<>(Metric.class);
        for (Metric metric : metrics) {
            difference(metric, ours, theirs)
                    .ifPresent(observed -> drawn.put(metric, new Drawn(observed, draws)));
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] times = new double[rows];
        for (int d = 0; d < draws && !drawn.isEmpty(); d++) {
            Arrays.fill(times, 0);
            for (int i = 0; i < rows; i++) {
                times[random.nextInt(rows)]++;
            }
            Metrics candidateDrawn = candidate.under(times);
            Metrics productionDrawn = production.under(times);
            drawn.forEach(
                    (metric, kept) ->
                            difference(metric, candidateDrawn, productionDrawn)
                                    .ifPresent(kept::add));
        }
        Map<Metric, Interval> intervals = new EnumMap<>(Metric.class);
        drawn.forEach((metric, kept) -> intervals.put(metric, kept.interval(confidence)));
        return intervals;
    }

    private static OptionalDouble difference(Metric metric, Metrics ours, Metrics theirs) {
        OptionalDouble a = ours.value(metric);
        OptionalDouble b = theirs.value(metric);
        return a.isPresent() && b.isPresent()
                ? OptionalDouble.of(a.getAsDouble() - b.getAsDouble())
                : OptionalDouble.empty();
    }

    /** The differences of one metric over the draws. */
    private static final class Drawn {
        private final double observed;
        private final double[] differences;
        private int kept;

        Drawn(double observed, int draws) {
            this.observed = observed;
            this.differences = new double[draws];
        }

        void add(double difference) {
            differences[kept++] = difference;
        }

        Interval interval(double confidence) {
            if (2 * kept < differences.length) {
                return new Interval(observed, Double.NaN, Double.NaN, kept);
            }
            Percentiles percentiles = Percentiles.of(Arrays.copyOf(differences, kept));
            double tail = 100 * (1 - confidence) / 2;
            return new Interval(
                    observed,
                    percentiles.interpolated(tail),
                    percentiles.interpolated(100 - tail),
                    kept);
        }
    }
}
