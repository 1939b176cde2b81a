package dev.weir.ml.stats.drift;

import static dev.weir.ml.stats.JsonFigures.put;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;

/**
 * How far one column has moved.
 *
 * @param rows of the baseline and now, the missing ones included
 * @param missing how many of them have no value
 * @param present how many of them have a value that is finite
 * @param unknown how many values the bins of the baseline do not know: of now, and as many as are
 *     expected of the baseline's own rows: those whose value occurs once (Good, 1953), or which had
 *     no place in a bounded list of categories
 * @param counts in the bins
 */
public record ColumnDrift(
        String column,
        Both rows,
        Both missing,
        Both present,
        Both unknown,
        Binning bins,
        long[] baseline,
        long[] current,
        Scores scores) {

    private static final int FEWEST_EXPECTED = 5;

    /** A number for each side. */
    public record Both(long baseline, long current) {}

    /**
     * The eight scores; NaN where one is not defined.
     *
     * @param distances of the values themselves; null for categories
     * @param nullFractionDelta the share of missing values now, less that of the baseline
     * @param unseenFraction the share of values now that the baseline does not have; NaN where the
     *     bins are ranges
     */
    public record Scores(
            BinScores bins,
            @Nullable Distances distances,
            double nullFractionDelta,
            double unseenFraction) {
        /** Whether the distances are of all values. */
        public boolean exact() {
            return distances == null || distances.error == 0;
        }
    }

    /**
     * Distances of numbers.
     *
     * @param normalised Wasserstein by {@code by}
     * @param by what divides it: {@code std}, {@code iqr}, or {@code none} of a constant baseline
     * @param clipped whether values outside the middle 99 % of the baseline were moved to its ends
     *     for it
     * @param kolmogorovSmirnov its p-value is that of the least statistic that the error allows
     * @param error by how much the statistic may be off, with 99 %; 0 where it is exact
     */
    public record Distances(
            double wasserstein,
            double normalised,
            String by,
            boolean clipped,
            TwoSamples.KolmogorovSmirnov kolmogorovSmirnov,
            double error) {}

    /** Whether its values are numbers. */
    public boolean numeric() {
        return bins instanceof Binning.Edges || bins instanceof Binning.Values;
    }

    /** {@code numeric}, {@code categorical}, or {@code text} that is not compared by its values. */
    public String type() {
        return numeric() ? "numeric" : bins instanceof Binning.None ? "text" : "categorical";
    }

    /**
     * PSI and its p-value under no drift, PSI x nm/(n+m) against chi-square with bins - 1 degrees,
     * once bins in which fewer than 5 values are expected are one: many rare values differ between
     * any two samples.
     *
     * @param value NaN where a side is empty
     * @param p 1 where one bin is left
     */
    record Judgeable(double value, double p) {}

    Judgeable judgeable() {
        double n = present.baseline();
        double m = present.current();
        if (n == 0 || m == 0) {
            return new Judgeable(Double.NaN, 1);
        }
        double smaller = Math.min(n, m) / (n + m);
        long[] then = new long[baseline.length + 1];
        long[] now = new long[baseline.length + 1];
        int kept = 0;
        for (int i = 0; i < baseline.length; i++) {
            boolean unseen = bins instanceof Binning.Categories(var names) && i == names.size();
            boolean rare = unseen || (baseline[i] + current[i]) * smaller < FEWEST_EXPECTED;
            int at = rare ? baseline.length : kept++;
            then[at] += baseline[i];
            now[at] += current[i];
        }
        if (then[baseline.length] + now[baseline.length] > 0) {
            then[kept] = then[baseline.length];
            now[kept] = now[baseline.length];
            kept++;
        }
        BinScores scored = BinScores.of(Arrays.copyOf(then, kept), Arrays.copyOf(now, kept));
        return new Judgeable(
                scored.psi(),
                kept < 2 ? 1 : ChiSquared.above(scored.psi() * n * m / (n + m), kept - 1));
    }

    /** {@code {"type","rows","bins","scores"}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", type());
        json.putObject("rows").put("reference", rows.baseline()).put("current", rows.current());
        ObjectNode binned = json.putObject("bins");
        ArrayNode edges = binned.putArray("edges");
        switch (bins) {
            case Binning.Edges(double[] inner) -> {
                for (double edge : inner) {
                    edges.add(edge);
                }
            }
            case Binning.Values(double[] values) -> {
                ArrayNode list = binned.putArray("values");
                for (double value : values) {
                    list.add(value);
                }
            }
            case Binning.Categories(var names) -> names.forEach(binned.putArray("values")::add);
            case Binning.None() -> {}
        }
        counts(binned.putArray("reference"), baseline);
        counts(binned.putArray("current"), current);
        json.set("scores", scoresJson());
        return json;
    }

    private static void counts(ArrayNode json, long[] counts) {
        for (long count : counts) {
            json.add(count);
        }
    }

    private ObjectNode scoresJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        BinScores binned = scores.bins();
        put(json, "psi", binned.psi());
        put(json, "kl", binned.kl());
        put(json, "js", binned.js());
        Distances distances = scores.distances();
        if (distances == null) {
            json.putNull("wasserstein").putNull("ks");
        } else {
            ObjectNode moved = json.putObject("wasserstein");
            put(moved, "raw", distances.wasserstein());
            put(moved, "normalised", distances.normalised());
            moved.put("by", distances.by()).put("clipped", distances.clipped());
            ObjectNode ks = json.putObject("ks");
            put(ks, "statistic", distances.kolmogorovSmirnov().statistic());
            put(ks, "p", distances.kolmogorovSmirnov().p());
            put(ks, "error", distances.error());
        }
        ObjectNode chi2 = json.putObject("chi2");
        put(chi2, "statistic", binned.chiSquare().statistic());
        put(chi2, "p", binned.chiSquare().p());
        put(chi2, "cramers_v", binned.chiSquare().cramersV());
        put(json, "null_fraction_delta", scores.nullFractionDelta());
        put(json, "unseen_fraction", scores.unseenFraction());
        return json;
    }
}
