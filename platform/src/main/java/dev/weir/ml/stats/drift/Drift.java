package dev.weir.ml.stats.drift;

import dev.weir.ml.stats.Percentiles;
import dev.weir.ml.stats.drift.ColumnDrift.Both;
import dev.weir.ml.stats.drift.ColumnDrift.Distances;
import dev.weir.ml.stats.drift.ColumnDrift.Scores;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;

/** Measures drift, column by column. Pure functions. */
public final class Drift {
    private Drift() {}

    /**
     * The drift of numbers.
     *
     * @param baseline its values; NaN is missing, infinities are left out of all distances
     * @param current as the baseline
     */
    public static ColumnDrift numbers(String column, double[] baseline, double[] current) {
        double[] then = finite(baseline);
        double[] now = finite(current);
        Arrays.sort(then);
        Arrays.sort(now);
        Binning bins = Binning.ofNumbers(then);
        double raw = TwoSamples.wasserstein(then, now);
        double deviation = deviation(then);
        double range = deviation > 0 || then.length == 0 ? 0 : middle(then);
        String by = deviation > 0 ? "std" : range > 0 ? "iqr" : "none";
        double divisor = deviation > 0 ? deviation : range > 0 ? range : 1;
        return column(
                column,
                new Both(baseline.length, current.length),
                new Both(nulls(baseline), nulls(current)),
                new Both(then.length, now.length),
                0,
                bins,
                counts(bins, then),
                counts(bins, now),
                new Distances(raw, raw / divisor, by, TwoSamples.kolmogorovSmirnov(then, now)),
                bins instanceof Binning.Values(double[] seen)
                        ? share(counts(bins, now)[seen.length], now.length)
                        : Double.NaN);
    }

    /**
     * The drift of categories.
     *
     * @param baseline how many rows have each
     * @param baselineMissing how many have none
     */
    public static ColumnDrift categories(
            String column,
            Map<String, Long> baseline,
            long baselineMissing,
            Map<String, Long> current,
            long currentMissing) {
        Binning.Categories bins = Binning.ofCategories(baseline);
        long then = baseline.values().stream().mapToLong(Long::longValue).sum();
        long now = current.values().stream().mapToLong(Long::longValue).sum();
        return column(
                column,
                new Both(then + baselineMissing, now + currentMissing),
                new Both(baselineMissing, currentMissing),
                new Both(then, now),
                baseline.values().stream().filter(count -> count == 1).count(),
                bins,
                bins.counts(baseline),
                bins.counts(current),
                null,
                share(
                        current.entrySet().stream()
                                .filter(each -> !baseline.containsKey(each.getKey()))
                                .mapToLong(Map.Entry::getValue)
                                .sum(),
                        now));
    }

    private static ColumnDrift column(
            String column,
            Both rows,
            Both missing,
            Both present,
            long singles,
            Binning bins,
            long[] then,
            long[] now,
            @Nullable Distances distances,
            double unseen) {
        int last = now.length - 1;
        // A last bin that is empty on both sides is no bin.
        boolean dropped = !(bins instanceof Binning.Edges) && then[last] + now[last] == 0;
        long[] thenUsed = dropped ? Arrays.copyOf(then, last) : then;
        long[] nowUsed = dropped ? Arrays.copyOf(now, last) : now;
        return new ColumnDrift(
                column,
                rows,
                missing,
                present,
                singles,
                bins,
                thenUsed,
                nowUsed,
                new Scores(
                        BinScores.of(thenUsed, nowUsed),
                        distances,
                        share(missing.current(), rows.current())
                                - share(missing.baseline(), rows.baseline()),
                        unseen));
    }

    private static double share(long part, long whole) {
        return whole == 0 ? Double.NaN : (double) part / whole;
    }

    private static long[] counts(Binning bins, double[] values) {
        return switch (bins) {
            case Binning.Edges edges -> edges.counts(values);
            case Binning.Values distinct -> distinct.counts(values);
            case Binning.Categories _ ->
                    throw new IllegalArgumentException("categories (expected: numbers)");
        };
    }

    private static double[] finite(double[] values) {
        return Arrays.stream(values)
                .filter(Double::isFinite)
                .map(value -> value + 0.0) // -0.0 is 0
                .toArray();
    }

    private static long nulls(double[] values) {
        return Arrays.stream(values).filter(Double::isNaN).count();
    }

    /** The interquartile range. */
    private static double middle(double[] values) {
        Percentiles all = Percentiles.of(values);
        return all.interpolated(75) - all.interpolated(25);
    }

    /** The standard deviation of the sample as a population, in two passes. */
    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / values.length);
    }
}
