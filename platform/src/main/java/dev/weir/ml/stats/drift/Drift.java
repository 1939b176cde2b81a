package dev.weir.ml.stats.drift;

import dev.weir.ml.stats.drift.ColumnDrift.Both;
import dev.weir.ml.stats.drift.ColumnDrift.Distances;
import dev.weir.ml.stats.drift.ColumnDrift.Scores;
import dev.weir.ml.stats.drift.DistanceScale.Scaled;
import dev.weir.ml.stats.drift.DistanceScale.Spread;
import dev.weir.ml.stats.drift.TwoSamples.KolmogorovSmirnov;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;

/**
 * Measures drift, column by column: exactly, of values, or of what is kept of them. Pure functions.
 */
public final class Drift {
    private Drift() {}

    /** As below, Wasserstein by the standard deviation. */
    public static ColumnDrift numbers(String column, double[] baseline, double[] current) {
        return numbers(column, baseline, current, DistanceScale.STANDARD);
    }

    /**
     * The drift of numbers.
     *
     * @param baseline its values; NaN is missing, infinities are left out of all distances
     * @param current as the baseline
     */
    public static ColumnDrift numbers(
            String column, double[] baseline, double[] current, DistanceScale scale) {
        double[] then = Binning.sortedFinite(baseline);
        double[] now = Binning.sortedFinite(current);
        Binning bins = Binning.ofNumbers(then);
        Spread spread = Spread.of(then);
        double raw =
                scale.clipped() && then.length > 0
                        ? TwoSamples.wasserstein(
                                Distribution.of(then).clipped(spread.low(), spread.high()),
                                Distribution.of(now).clipped(spread.low(), spread.high()))
                        : TwoSamples.wasserstein(then, now);
        Scaled scaled = scale.scaled(raw, spread);
        long[] counted = bins.counts(now);
        boolean ranges = bins instanceof Binning.Edges;
        long unknown = ranges ? 0 : counted[counted.length - 1];
        return column(
                column,
                new Both(baseline.length, current.length),
                new Both(nulls(baseline), nulls(current)),
                new Both(then.length, now.length),
                new Both(0, unknown),
                bins,
                bins.counts(then),
                counted,
                new Distances(
                        raw,
                        scaled.value(),
                        scaled.by(),
                        scale.clipped(),
                        TwoSamples.kolmogorovSmirnov(then, now),
                        0),
                ranges ? Double.NaN : share(unknown, now.length));
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
        long unknown =
                current.entrySet().stream()
                        .filter(each -> !baseline.containsKey(each.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
        return column(
                column,
                new Both(then + baselineMissing, now + currentMissing),
                new Both(baselineMissing, currentMissing),
                new Both(then, now),
                new Both(baseline.values().stream().filter(count -> count == 1).count(), unknown),
                bins,
                bins.counts(baseline),
                bins.counts(current),
                null,
                share(unknown, now));
    }

    /**
     * The drift of what is kept of a column. What counts in bins give is exact where both were
     * counted in the same; KS and Wasserstein are of sketches, and KS says by how much it may be
     * off. Of a baseline that had more categories than bins, a value that is not in them may still
     * have been known: unseen is then what their greater share says.
     *
     * @param current comparable; in other bins it is counted anew by its sketch
     */
    public static ColumnDrift between(
            ColumnBaseline baseline, ColumnBaseline current, DistanceScale scale) {
        ColumnBaseline now = current.in(baseline.bins());
        int last = baseline.counts().length - 1;
        boolean open = baseline.bins().open();
        long outside = open ? baseline.counts()[last] : 0;
        long unknown = open ? now.counts()[last] : 0;
        return column(
                baseline.column(),
                new Both(baseline.rows(), now.rows()),
                new Both(baseline.missing(), now.missing()),
                new Both(baseline.present(), now.present()),
                new Both(Math.max(outside, baseline.singles()), unknown),
                baseline.bins(),
                baseline.counts(),
                now.counts(),
                distances(baseline, now, scale),
                open
                        ? unseen(share(unknown, now.present()), share(outside, baseline.present()))
                        : Double.NaN);
    }

    /** What is new, if of what was known still the same share has no bin. */
    private static double unseen(double outsideNow, double outsideThen) {
        return outsideThen > 0 && outsideThen < 1
                ? Math.max(0, (outsideNow - outsideThen) / (1 - outsideThen))
                : outsideNow;
    }

    private static @Nullable Distances distances(
            ColumnBaseline baseline, ColumnBaseline current, DistanceScale scale) {
        ColumnBaseline.Numbers kept = baseline.numbers();
        ColumnBaseline.Numbers other = current.numbers();
        if (kept == null || other == null) {
            return null;
        }
        Distribution then = kept.sketch().distribution();
        Distribution now = other.sketch().distribution();
        double statistic = TwoSamples.statistic(then, now);
        double error = kept.rankError(baseline.present()) + other.rankError(current.present());
        Spread spread = kept.spread();
        boolean clips = scale.clipped() && then.total() > 0;
        double raw =
                TwoSamples.wasserstein(
                        clips ? then.clipped(spread.low(), spread.high()) : then,
                        clips ? now.clipped(spread.low(), spread.high()) : now);
        Scaled scaled = scale.scaled(raw, spread);
        return new Distances(
                raw,
                scaled.value(),
                scaled.by(),
                scale.clipped(),
                new KolmogorovSmirnov(
                        statistic,
                        TwoSamples.p(
                                Math.max(0, statistic - error),
                                baseline.present(),
                                current.present())),
                error);
    }

    private static ColumnDrift column(
            String column,
            Both rows,
            Both missing,
            Both present,
            Both unknown,
            Binning bins,
            long[] then,
            long[] now,
            @Nullable Distances distances,
            double unseen) {
        int last = now.length - 1;
        // A last bin that is empty on both sides is no bin.
        boolean dropped = bins.open() && then[last] + now[last] == 0;
        long[] thenUsed = dropped ? Arrays.copyOf(then, last) : then;
        long[] nowUsed = dropped ? Arrays.copyOf(now, last) : now;
        return new ColumnDrift(
                column,
                rows,
                missing,
                present,
                unknown,
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

    private static long nulls(double[] values) {
        return Arrays.stream(values).filter(Double::isNaN).count();
    }
}
