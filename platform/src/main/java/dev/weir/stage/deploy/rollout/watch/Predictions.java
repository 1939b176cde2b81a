package dev.weir.stage.deploy.rollout.watch;

import dev.weir.ml.stats.drift.BinScores;
import dev.weir.ml.stats.sequential.LogHistogram;
import dev.weir.ml.stats.sequential.StabilityBound;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.evidence.VariantEvidence;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The predictions of both sides in one step, in the same cells: a cell for each class where there
 * are many, else ten groups of scores of about the same size. The groups are chosen once, from what
 * the primary predicted until then, and count what comes afterwards: groups chosen to suit the
 * numbers that they count would see differences in chance.
 *
 * @param cuts between the groups; empty until they are chosen
 * @param primary counts of the groups
 * @param candidate counts of the groups
 */
record Predictions(double[] cuts, long[] primary, long[] candidate) {
    private static final int GROUPS = 10;
    private static final long ENOUGH = 500;

    static final Predictions NONE = new Predictions(new double[0], new long[1], new long[1]);

    /** The next step begins: same groups, nothing counted. */
    Predictions step() {
        return new Predictions(cuts, new long[cuts.length + 1], new long[cuts.length + 1]);
    }

    /**
     * After a look.
     *
     * @param seen of this step before it
     * @param fresh since then
     */
    Predictions next(Evidence seen, Evidence fresh) {
        Predictions grouped = this;
        if (cuts.length == 0 && seen.primary().scores().count() >= ENOUGH) {
            double[] chosen = seen.primary().scores().cuts(GROUPS);
            grouped =
                    new Predictions(
                            chosen, new long[chosen.length + 1], new long[chosen.length + 1]);
        }
        return grouped.cuts.length == 0
                ? this
                : new Predictions(
                        grouped.cuts,
                        sum(grouped.primary, fresh.primary().scores(), grouped.cuts),
                        sum(grouped.candidate, fresh.candidate().scores(), grouped.cuts));
    }

    private static long[] sum(long[] before, LogHistogram fresh, double[] cuts) {
        long[] sum = fresh.grouped(cuts);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += before[i];
        }
        return sum;
    }

    /**
     * How far both sides are apart.
     *
     * @param psi the bare figure less what chance alone gives on average, (B-1)(1/n + 1/m)
     * @param atLeast what it surely is, at all times
     * @param primary how many predictions were counted
     * @param candidate how many predictions were counted
     */
    record Distance(double psi, double atLeast, long primary, long candidate) {}

    /**
     * The distance of this step.
     *
     * @param seen all of this step
     * @param alpha the chance that the sure figure is ever too large
     */
    Distance distance(Evidence seen, double alpha) {
        SortedSet<String> labels = new TreeSet<>(seen.primary().labels().keySet());
        labels.addAll(seen.candidate().labels().keySet());
        return labels.isEmpty()
                ? distance(primary, candidate, alpha)
                : distance(counts(seen.primary(), labels), counts(seen.candidate(), labels), alpha);
    }

    private static long[] counts(VariantEvidence side, SortedSet<String> labels) {
        return labels.stream().mapToLong(label -> side.labels().getOrDefault(label, 0L)).toArray();
    }

    private static Distance distance(long[] here, long[] there, double alpha) {
        long n = Arrays.stream(here).sum();
        long m = Arrays.stream(there).sum();
        if (n == 0 || m == 0 || here.length < 2) {
            return new Distance(0, 0, n, m);
        }
        double chance = (here.length - 1) * (1.0 / n + 1.0 / m);
        return new Distance(
                Math.max(0, BinScores.of(here, there).psi() - chance),
                StabilityBound.of(here, there, alpha),
                n,
                m);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode bounds = json.putArray("cuts");
        Arrays.stream(cuts).forEach(bounds::add);
        ArrayNode here = json.putArray("primary");
        Arrays.stream(primary).forEach(here::add);
        ArrayNode there = json.putArray("candidate");
        Arrays.stream(candidate).forEach(there::add);
        return json;
    }

    static Predictions fromJson(JsonNode json) {
        return new Predictions(
                json.path("cuts").valueStream().mapToDouble(JsonNode::doubleValue).toArray(),
                json.path("primary").valueStream().mapToLong(JsonNode::longValue).toArray(),
                json.path("candidate").valueStream().mapToLong(JsonNode::longValue).toArray());
    }
}
