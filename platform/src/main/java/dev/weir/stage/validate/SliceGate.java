package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Rule;
import dev.weir.ml.stats.fair.Fairness;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The gates that a {@code slices:} section asks for. Which slices there are is known only once they
 * were measured, so the rules are made from the evidence: one for each slice and bound.
 */
final class SliceGate implements ModelGate {
    private final ConfigNode section;

    /**
     * The gates of a section.
     *
     * @throws dev.weir.base.problem.ProblemException of kind {@code INPUT} for a metric that there
     *     is not
     */
    SliceGate(ConfigNode section) {
        this.section = section;
        bounds("metrics").forEach(Bounds::metric);
    }

    @Override
    public Measuring measuring() {
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        by().forEach(params.putArray("by")::add);
        params.put("min_rows", fewest());
        return Measuring.of(
                "validate-slices",
                new SliceKind(),
                params,
                Taken.MODEL,
                Taken.ROWS,
                Taken.PREDICTIONS);
    }

    /** The columns to slice by. */
    private List<String> by() {
        return section.need("by").texts();
    }

    /** The fewest rows of a slice that counts. */
    private int fewest() {
        return section.at("min_rows").map(n -> (int) n.number()).orElse(Fairness.FEWEST);
    }

    private Map<String, ConfigNode> bounds(String key) {
        return section.at(key).map(ConfigNode::entries).orElse(Map.of());
    }

    @Override
    public List<Rule> rules(JsonNode measured) {
        List<Rule> rules = new ArrayList<>();
        for (String column : by()) {
            bounds("metrics")
                    .forEach(
                            (metric, node) -> {
                                for (String slice :
                                        measured.path(column).path("slices").propertyNames()) {
                                    rules.addAll(
                                            Bounds.of(
                                                    "validate.slices."
                                                            + column
                                                            + "="
                                                            + slice
                                                            + "."
                                                            + metric,
                                                    node,
                                                    slice(column, slice, metric)));
                                }
                                node.at("max_gap")
                                        .ifPresent(
                                                most ->
                                                        rules.add(
                                                                new Rule.AtMost(
                                                                        "validate.slices."
                                                                                + column
                                                                                + "."
                                                                                + metric
                                                                                + ".max_gap",
                                                                        Bounds.severity(node),
                                                                        gap(column, metric),
                                                                        most.number())));
                            });
            bounds("fairness")
                    .forEach(
                            (measure, node) ->
                                    rules.addAll(
                                            Bounds.of(
                                                    "validate.slices." + column + "." + measure,
                                                    node,
                                                    fairness(column, measure))));
        }
        return rules;
    }

    private static String slice(String column, String slice, String metric) {
        return metric + " of " + column + "=" + slice;
    }

    private static String gap(String column, String metric) {
        return "the gap of " + metric + " between the values of " + column;
    }

    private static String fairness(String column, String measure) {
        return measure + " of " + column;
    }

    @Override
    public Map<String, Evidence.Item> items(JsonNode measured, String production) {
        Map<String, Evidence.Item> items = new HashMap<>();
        for (String column : by()) {
            JsonNode slices = measured.path(column).path("slices");
            for (String metric : bounds("metrics").keySet()) {
                double least = Double.POSITIVE_INFINITY;
                double most = Double.NEGATIVE_INFINITY;
                int counted = 0;
                boolean undefined = false;
                for (Map.Entry<String, JsonNode> slice : slices.properties()) {
                    JsonNode value = slice.getValue().path("metrics").path(metric);
                    items.put(slice(column, slice.getKey(), metric), item(slice.getValue(), value));
                    undefined |= value.isNull();
                    if (value.isNumber()) {
                        counted++;
                        least = Math.min(least, value.doubleValue());
                        most = Math.max(most, value.doubleValue());
                    }
                }
                items.put(
                        gap(column, metric),
                        undefined
                                ? new Evidence.Undefined("it is undefined on a slice")
                                : counted < 2
                                        ? new Evidence.TooLittle(
                                                "fewer than two slices have %d rows"
                                                        .formatted(fewest()))
                                        : new Evidence.Measure(most - least, ""));
            }
            for (String measure : bounds("fairness").keySet()) {
                JsonNode value = measured.path(column).path("fairness").path(measure);
                items.put(
                        fairness(column, measure),
                        value.isNumber()
                                ? new Evidence.Measure(value.doubleValue(), "")
                                : measured.path(column).has("fairness")
                                        ? new Evidence.TooLittle(
                                                "fewer than two slices have %d rows, or no rate"
                                                        .formatted(fewest()))
                                        : new Evidence.Undefined(
                                                "the model does not decide between two classes"));
            }
        }
        return items;
    }

    private Evidence.Item item(JsonNode slice, JsonNode value) {
        if (value.isNumber()) {
            return new Evidence.Measure(value.doubleValue(), "");
        }
        return slice.has("metrics")
                ? value.isNull()
                        ? new Evidence.Undefined("it is undefined on these rows")
                        : new Evidence.Undefined("the model's task has no such metric")
                : new Evidence.TooLittle(
                        "the slice has %d rows (expected: at least %d)"
                                .formatted(slice.path("rows").intValue(), fewest()));
    }
}
