package dev.weir.ml.stats.fair;

import static dev.weir.ml.stats.JsonFigures.put;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Rates by group, and the gaps between the groups that have enough rows, as Fairlearn measures
 * them.
 *
 * @param groups all of them, by name
 * @param skipped those with too few rows for a gap
 * @param demographicParity of the selection rate
 * @param equalOpportunity of the true positive rate
 * @param equalizedOdds the worse of the true and of the false positive rate
 * @param accuracy of the accuracy
 */
public record Fairness(
        SortedMap<String, Rates> groups,
        List<String> skipped,
        Gap demographicParity,
        Gap equalOpportunity,
        Gap falsePositives,
        Gap equalizedOdds,
        Gap accuracy) {
    /** The fewest rows of a group that takes part, unless a rule says otherwise. */
    public static final int FEWEST = 30;

    public Fairness {
        groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
        skipped = List.copyOf(skipped);
    }

    /**
     * What happened to the rows of one group; NaN where a rate has no rows to be taken over.
     *
     * @param count its rows
     * @param selectionRate the share of positive decisions
     * @param truePositiveRate recall
     * @param baseRate the share of positive truths
     */
    public record Rates(
            long count,
            double selectionRate,
            double truePositiveRate,
            double falsePositiveRate,
            double falseNegativeRate,
            double precision,
            double accuracy,
            double baseRate) {

        /**
         * Of sums of weights by cell: decided yes and true, yes and false; no and true, no and
         * false.
         */
        static Rates of(long rows, double tp, double fp, double fn, double tn) {
            double all = tp + fp + fn + tn;
            return new Rates(
                    rows,
                    share(tp + fp, all),
                    share(tp, tp + fn),
                    share(fp, fp + tn),
                    share(fn, tp + fn),
                    share(tp, tp + fp),
                    share(tp + tn, all),
                    share(tp + fn, all));
        }

        private static double share(double part, double whole) {
            return whole == 0 ? Double.NaN : part / whole;
        }

        /**
         * {@code {"count","selection_rate","tpr","fpr","fnr","precision","accuracy","base_rate"}}.
         */
        public ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("count", count);
            put(json, "selection_rate", selectionRate);
            put(json, "tpr", truePositiveRate);
            put(json, "fpr", falsePositiveRate);
            put(json, "fnr", falseNegativeRate);
            put(json, "precision", precision);
            put(json, "accuracy", accuracy);
            put(json, "base_rate", baseRate);
            return json;
        }
    }

    /**
     * How far groups are apart.
     *
     * @param difference the largest rate less the smallest; NaN with fewer than two groups
     * @param ratio the smallest by the largest; NaN where the largest is 0
     */
    public record Gap(double difference, double ratio) {
        private static final Gap NONE = new Gap(Double.NaN, Double.NaN);

        static Gap of(List<Rates> groups, ToDoubleFunction<Rates> rate) {
            double[] rates =
                    groups.stream().mapToDouble(rate).filter(r -> !Double.isNaN(r)).toArray();
            if (rates.length < 2) {
                return NONE;
            }
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (double each : rates) {
                least = Math.min(least, each);
                most = Math.max(most, each);
            }
            return new Gap(most - least, most == 0 ? Double.NaN : least / most);
        }

        /** The worse of two: the larger difference, the smaller ratio. */
        Gap worse(Gap other) {
            return new Gap(Math.max(difference, other.difference), Math.min(ratio, other.ratio));
        }
    }

    /**
     * Measures decisions of a binary model.
     *
     * @param scores of the positive class; at least the threshold is a positive decision
     * @param weights one for each row, 0 or more; null for rows that count alike
     * @param groups of each row
     * @param fewest rows of a group that takes part in the gaps, whatever their weights
     */
    public static Fairness of(
            double[] scores,
            boolean[] truth,
            double @Nullable [] weights,
            String[] groups,
            double threshold,
            int fewest) {
        if (scores.length != truth.length || scores.length != groups.length) {
            throw new IllegalArgumentException(
                    "%d scores, %d truths, %d groups (expected: one of each for each row)"
                            .formatted(scores.length, truth.length, groups.length));
        }
        Map<String, double[]> sums = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < scores.length; i++) {
            int cell = (scores[i] >= threshold ? 0 : 2) + (truth[i] ? 0 : 1);
            sums.computeIfAbsent(groups[i], group -> new double[4])[cell] +=
                    weights == null ? 1 : weights[i];
            counts.merge(groups[i], 1, Integer::sum);
        }
        SortedMap<String, Rates> rates = new TreeMap<>();
        sums.forEach(
                (group, s) ->
                        rates.put(
                                group,
                                Rates.of(counts.getOrDefault(group, 0), s[0], s[1], s[2], s[3])));
        List<Rates> enough = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        rates.forEach(
                (group, each) -> {
                    if (each.count() < fewest) {
                        skipped.add(group);
                    } else {
                        enough.add(each);
                    }
                });
        Gap opportunity = Gap.of(enough, Rates::truePositiveRate);
        Gap falsePositives = Gap.of(enough, Rates::falsePositiveRate);
        return new Fairness(
                rates,
                skipped,
                Gap.of(enough, Rates::selectionRate),
                opportunity,
                falsePositives,
                opportunity.worse(falsePositives),
                Gap.of(enough, Rates::accuracy));
    }

    /** What happened to the rows of a group that is there. */
    public Rates rates(String group) {
        return Objects.requireNonNull(groups.get(group), group);
    }

    /** The gaps, by the names that the field uses. */
    public ObjectNode gapsJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, "demographic_parity_difference", demographicParity.difference());
        put(json, "demographic_parity_ratio", demographicParity.ratio());
        put(json, "equal_opportunity_difference", equalOpportunity.difference());
        put(json, "equal_opportunity_ratio", equalOpportunity.ratio());
        put(json, "fpr_difference", falsePositives.difference());
        put(json, "equalized_odds_difference", equalizedOdds.difference());
        put(json, "equalized_odds_ratio", equalizedOdds.ratio());
        put(json, "accuracy_difference", accuracy.difference());
        return json;
    }
}
