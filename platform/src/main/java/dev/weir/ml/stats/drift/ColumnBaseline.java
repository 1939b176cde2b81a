package dev.weir.ml.stats.drift;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What is kept of a column, so that others can be compared with it: of a dataset version, or of a
 * window of traffic. Without a value of any row, but for categories and the values of a sketch.
 *
 * @param rows of the table, the missing ones included
 * @param missing how many have no value
 * @param infinite how many are infinite; they are in no bin
 * @param counts in the bins
 * @param singles how many values occur once; 0 for numbers
 * @param numbers null where the values are none
 */
public record ColumnBaseline(
        String column,
        long rows,
        long missing,
        long infinite,
        Binning bins,
        long[] counts,
        long singles,
        @Nullable Numbers numbers) {

    /**
     * What is kept of numbers besides.
     *
     * @param moments of the values that were seen
     * @param spread of them
     * @param sketch of them
     * @param seen how many values those were; fewer than there are where a sample was
     */
    public record Numbers(
            Moments moments, DistanceScale.Spread spread, QuantileSketch sketch, long seen) {
        /**
         * Of values.
         *
         * @param sorted ascending, finite
         */
        public static Numbers of(double[] sorted) {
            return new Numbers(
                    Moments.of(sorted),
                    DistanceScale.Spread.of(sorted),
                    QuantileSketch.of(sorted),
                    sorted.length);
        }

        /** The same, of values of which it has seen one of 2^{@code thinned}. */
        public Numbers thinned(int thinned) {
            return new Numbers(moments, spread, sketch.thinned(thinned), seen);
        }

        private Numbers merge(Numbers other) {
            Moments both = moments.merge(other.moments);
            QuantileSketch sketched = sketch.merge(other.sketch);
            Distribution merged = sketched.distribution();
            return new Numbers(
                    both,
                    new DistanceScale.Spread(
                            both.deviation(),
                            merged.quantile(0.75) - merged.quantile(0.25),
                            merged.quantile(0.005),
                            merged.quantile(0.995)),
                    sketched,
                    seen + other.seen);
        }

        /**
         * How far a rank may be off, as a share of all: by the sketch, and where a sample was seen,
         * by the inequality of Dvoretzky, Kiefer and Wolfowitz at 99 %.
         */
        double rankError(long values) {
            double sampled = seen < values ? Math.sqrt(Math.log(2 / 0.01) / (2.0 * seen)) : 0;
            return sketch.rankError() + sampled;
        }
    }

    /**
     * The baseline of numbers.
     *
     * @param values NaN is missing
     */
    public static ColumnBaseline ofNumbers(String column, double[] values) {
        return ofNumbers(column, values, Binning.ofNumbers(Binning.sortedFinite(values)));
    }

    /** The same in bins that another baseline chose. */
    public static ColumnBaseline ofNumbers(String column, double[] values, Binning bins) {
        double[] sorted = Binning.sortedFinite(values);
        long missing = Arrays.stream(values).filter(Double::isNaN).count();
        return new ColumnBaseline(
                column,
                values.length,
                missing,
                values.length - missing - sorted.length,
                bins,
                bins.counts(sorted),
                0,
                Numbers.of(sorted));
    }

    /**
     * The baseline of categories.
     *
     * @param counts how many rows have each
     * @param missing how many have none
     */
    public static ColumnBaseline ofCategories(
            String column, Map<String, Long> counts, long missing) {
        return ofCategories(column, counts, missing, Binning.ofCategories(counts));
    }

    /** The same in bins that another baseline chose. */
    public static ColumnBaseline ofCategories(
            String column, Map<String, Long> counts, long missing, Binning.Categories bins) {
        return new ColumnBaseline(
                column,
                counts.values().stream().mapToLong(Long::longValue).sum() + missing,
                missing,
                0,
                bins,
                bins.counts(counts),
                counts.values().stream().filter(count -> count == 1).count(),
                null);
    }

    /** The baseline of a column whose values say nothing together: only missing ones count. */
    public static ColumnBaseline ofMissing(String column, long rows, long missing) {
        return new ColumnBaseline(
                column, rows, missing, 0, new Binning.None(), new long[] {rows - missing}, 0, null);
    }

    /** How many rows have a value that is finite. */
    public long present() {
        return rows - missing - infinite;
    }

    /** Whether both are numbers, or neither is, so that they can be compared. */
    public boolean comparable(ColumnBaseline other) {
        return (numbers == null) == (other.numbers == null);
    }

    /**
     * The same column in the bins of another: exact where each bin is one of them, by the sketch
     * where it is not.
     */
    public ColumnBaseline in(Binning other) {
        if (same(bins, other)) {
            return this;
        }
        long[] told =
                switch (other) {
                    case Binning.None() -> new long[] {present()};
                    case Binning.Categories categories -> recounted(categories);
                    case Binning.Edges(double[] inner) -> inRanges(inner);
                    case Binning.Values(double[] values) -> inValues(values);
                };
        return new ColumnBaseline(column, rows, missing, infinite, other, told, singles, numbers);
    }

    private static boolean same(Binning one, Binning other) {
        return switch (one) {
            case Binning.None() -> other instanceof Binning.None;
            case Binning.Categories(var names) ->
                    other instanceof Binning.Categories(var others) && names.equals(others);
            case Binning.Edges(double[] inner) ->
                    other instanceof Binning.Edges(double[] others) && Arrays.equals(inner, others);
            case Binning.Values(double[] values) ->
                    other instanceof Binning.Values(double[] others)
                            && Arrays.equals(values, others);
        };
    }

    private long[] recounted(Binning.Categories categories) {
        Map<String, Long> known = new HashMap<>();
        if (bins instanceof Binning.Categories(var names)) {
            for (int i = 0; i < names.size(); i++) {
                known.put(names.get(i), counts[i]);
            }
        }
        long[] told = categories.counts(known);
        told[told.length - 1] += present() - Arrays.stream(told).sum();
        return told;
    }

    private Distribution distribution() {
        return numbers == null
                ? QuantileSketch.empty().distribution()
                : numbers.sketch.distribution();
    }

    private long[] inRanges(double[] inner) {
        if (bins instanceof Binning.Values(double[] values) && counts[values.length] == 0) {
            long[] told = new long[inner.length + 1];
            for (int i = 0; i < values.length; i++) {
                told[Binning.below(inner, values[i])] += counts[i];
            }
            return told;
        }
        Distribution known = distribution();
        long[] told = new long[inner.length + 1];
        long before = 0;
        for (int i = 0; i < told.length; i++) {
            long until =
                    i == inner.length
                            ? present()
                            : known.total() == 0
                                    ? 0
                                    : Math.round(known.below(inner[i]) * present());
            told[i] = until - before;
            before = until;
        }
        return told;
    }

    private long[] inValues(double[] wanted) {
        long[] told = new long[wanted.length + 1];
        boolean counted = bins instanceof Binning.Values;
        Distribution known = distribution();
        for (int i = 0; i < wanted.length; i++) {
            if (bins instanceof Binning.Values(double[] values)) {
                int at = Arrays.binarySearch(values, wanted[i]);
                told[i] = at < 0 ? 0 : counts[at];
            } else if (!counted && known.total() > 0) {
                double share = known.below(Math.nextUp(wanted[i])) - known.below(wanted[i]);
                told[i] = Math.round(share * present());
            }
        }
        told[wanted.length] = Math.max(0, present() - Arrays.stream(told).sum());
        return told;
    }

    /**
     * The baseline of both, in the bins of this one.
     *
     * @param later of the same column and type
     */
    public ColumnBaseline merge(ColumnBaseline later) {
        ColumnBaseline told = later.in(bins);
        long[] both = counts.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] += told.counts[i];
        }
        Numbers mine = numbers;
        Numbers theirs = told.numbers;
        return new ColumnBaseline(
                column,
                rows + told.rows,
                missing + told.missing,
                infinite + told.infinite,
                bins,
                both,
                Math.max(singles, told.singles),
                mine == null || theirs == null ? null : mine.merge(theirs));
    }
}
