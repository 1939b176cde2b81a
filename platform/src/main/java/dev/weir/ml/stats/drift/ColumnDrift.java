package dev.weir.ml.stats.drift;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far one column has moved.
 *
 * @param rows of the baseline and now, the missing ones included
 * @param present how many of them have a value that is finite
 * @param counts in the bins
 */
public record ColumnDrift(
        String column,
        Both rows,
        Both present,
        Binning bins,
        long[] baseline,
        long[] current,
        Scores scores) {

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
     * The p-value of its PSI under no drift: PSI x nm/(n+m) against chi-square with bins - 1
     * degrees; 1 where the bins are one.
     */
    public double psiP() {
        double n = present.baseline();
        double m = present.current();
        int used = 0;
        for (int i = 0; i < baseline.length; i++) {
            used += baseline[i] + current[i] > 0 ? 1 : 0;
        }
        return used < 2 ? 1 : ChiSquared.above(scores.bins().psi() * n * m / (n + m), used - 1);
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

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }
}
