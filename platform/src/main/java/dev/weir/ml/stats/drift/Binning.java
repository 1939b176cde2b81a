package dev.weir.ml.stats.drift;

import dev.weir.ml.stats.Percentiles;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Bins that the baseline alone chooses, so that they can be stored, and values of today move no
 * edge.
 */
public sealed interface Binning {
    /** A baseline of at most this many distinct values, each half or less of a row, is discrete. */
    int MOST_DISCRETE = 20;

    /** As many categories have bins of their own; the rest are one. */
    int MOST_CATEGORIES = 1_000;

    /** How many bins there are, the one for what the baseline never saw included. */
    int size();

    /** What each bin holds, for a person. */
    List<String> labels();

    /** Whether the last bin is for what the others do not have. */
    default boolean open() {
        return this instanceof Values || this instanceof Categories;
    }

    /** One bin for all: values that say nothing together, such as names of rows. */
    record None() implements Binning {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public List<String> labels() {
            return List.of("all");
        }
    }

    /**
     * Left-closed bins between inner edges, open at both ends: the bin of x is the number of edges
     * that are at most x.
     *
     * @param inner strictly ascending
     */
    record Edges(double[] inner) implements Binning {
        @Override
        public int size() {
            return inner.length + 1;
        }

        @Override
        public List<String> labels() {
            if (inner.length == 0) {
                return List.of("all");
            }
            List<String> labels = new ArrayList<>();
            labels.add("< " + number(inner[0]));
            for (int i = 1; i < inner.length; i++) {
                labels.add("[" + number(inner[i - 1]) + ", " + number(inner[i]) + ")");
            }
            labels.add(">= " + number(inner[inner.length - 1]));
            return labels;
        }

        @Override
        public long[] counts(double[] values) {
            long[] counts = new long[size()];
            for (double value : values) {
                counts[Binning.below(inner, value)]++;
            }
            return counts;
        }
    }

    /**
     * A bin for each value that the baseline has, and a last one for all others.
     *
     * @param values strictly ascending
     */
    record Values(double[] values) implements Binning {
        @Override
        public int size() {
            return values.length + 1;
        }

        @Override
        public List<String> labels() {
            List<String> labels = new ArrayList<>();
            for (double value : values) {
                labels.add(number(value));
            }
            labels.add("other");
            return labels;
        }

        @Override
        public long[] counts(double[] numbers) {
            long[] counts = new long[size()];
            for (double number : numbers) {
                int at = Arrays.binarySearch(values, number);
                counts[at >= 0 ? at : values.length]++;
            }
            return counts;
        }
    }

    /**
     * A bin for each category of the baseline, the frequent ones first, and a last one for all
     * others.
     */
    record Categories(List<String> names) implements Binning {
        public Categories {
            names = List.copyOf(names);
        }

        @Override
        public int size() {
            return names.size() + 1;
        }

        @Override
        public List<String> labels() {
            List<String> labels = new ArrayList<>(names);
            labels.add("other");
            return labels;
        }

        /** Counts from counts by category; shape [size]. */
        public long[] counts(Map<String, Long> byCategory) {
            Map<String, Integer> places = new HashMap<>();
            for (String name : names) {
                places.put(name, places.size());
            }
            long[] counts = new long[size()];
            byCategory.forEach(
                    (name, count) -> counts[places.getOrDefault(name, names.size())] += count);
            return counts;
        }
    }

    /**
     * The bins of a numeric baseline: its values where they are few, else its deciles (type 7),
     * each once.
     *
     * @param sorted ascending, finite
     */
    static Binning ofNumbers(double[] sorted) {
        double[] distinct = new double[MOST_DISCRETE + 1];
        int found = 0;
        for (int i = 0; i < sorted.length && found <= MOST_DISCRETE; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                distinct[found++] = sorted[i];
            }
        }
        if (found <= MOST_DISCRETE && 2L * found <= sorted.length) {
            return new Values(Arrays.copyOf(distinct, found));
        }
        return deciles(sorted);
    }

    /** The nine deciles of a sample, type 7 of Hyndman and Fan (1996), each once; none of none. */
    static Edges deciles(double[] sorted) {
        if (sorted.length == 0) {
            return new Edges(sorted);
        }
        Percentiles all = Percentiles.of(sorted);
        return new Edges(
                IntStream.rangeClosed(1, 9)
                        .mapToDouble(tenth -> all.interpolated(10 * tenth))
                        .distinct()
                        .toArray());
    }

    /** The bins of a categorical baseline. */
    static Categories ofCategories(Map<String, Long> counts) {
        return new Categories(
                counts.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(MOST_CATEGORIES)
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** The bin of a finite number. */
    default int place(double number) {
        return switch (this) {
            case Edges(double[] inner) -> below(inner, number);
            case Values(double[] values) -> {
                int at = Arrays.binarySearch(values, number);
                yield at >= 0 ? at : values.length;
            }
            case None _ -> 0;
            case Categories _ ->
                    throw new IllegalArgumentException("categories (expected: numbers)");
        };
    }

    /** The bin of a value: how many edges are at most it. */
    static int below(double[] inner, double value) {
        int at = Arrays.binarySearch(inner, value);
        return at >= 0 ? at + 1 : -at - 1;
    }

    /** The finite ones of some values, sorted; -0.0 is 0. */
    static double[] sortedFinite(double[] values) {
        double[] finite = new double[values.length];
        int count = 0;
        for (double value : values) {
            if (Double.isFinite(value)) {
                finite[count++] = value + 0.0;
            }
        }
        finite = Arrays.copyOf(finite, count);
        Arrays.sort(finite);
        return finite;
    }

    /** Counts of finite numbers; shape [size]. */
    default long[] counts(double[] numbers) {
        return switch (this) {
            case Edges edges -> edges.counts(numbers);
            case Values values -> values.counts(numbers);
            case None _ -> new long[] {numbers.length};
            case Categories _ ->
                    throw new IllegalArgumentException("categories (expected: numbers)");
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
