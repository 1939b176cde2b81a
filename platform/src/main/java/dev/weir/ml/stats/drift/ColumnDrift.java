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
 * @param singles how many values of the baseline occur once: about as many of now's n rows as of
 *     the baseline's will have a value that the other does not know (Good, 1953)
 * @param counts in the bins
 */
public record ColumnDrift(
        String column,
        Both rows,
        Both missing,
        Both present,
        long singles,
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
            double unseenFraction) {}

    /**
     * Distances of numbers.
     *
     * @param normalised Wasserstein by {@code by}
     * @param by what divides it: {@code std}, {@code iqr}, or {@code none} of a constant baseline
     */
    public record Distances(
            double wasserstein,
            double normalised,
            String by,
            TwoSamples.KolmogorovSmirnov kolmogorovSmirnov) {}

    /** Whether its values are numbers. */
    public boolean numeric() {
        return !(bins instanceof Binning.Categories);
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
        json.put("type", numeric() ? "numeric" : "categorical");
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
            moved.put("by", distances.by());
            ObjectNode ks = json.putObject("ks");
            put(ks, "statistic", distances.kolmogorovSmirnov().statistic());
            put(ks, "p", distances.kolmogorovSmirnov().p());
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
