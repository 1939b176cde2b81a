package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Rule;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code not_worse_than: production} of the metrics, and {@code regression.max_churn}: the
 * candidate beside production on the same rows.
 *
 * @param metrics that are compared
 * @param regression the section with {@code max_churn}, where it is asked for
 */
record CompareGate(List<String> metrics, Optional<ConfigNode> regression) implements ModelGate {
    private static final String CHURN = "the share of decisions that change";

    /** The name of the item that compares a metric. */
    static String difference(String metric) {
        return metric + " against production";
    }

    @Override
    public Measuring measuring() {
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        metrics.forEach(params.putArray("metrics")::add);
        return Measuring.of(
                "validate-compare",
                new CompareKind(),
                params,
                Taken.MODEL,
                Taken.PREDICTIONS,
                Taken.PRODUCTION,
                Taken.PRODUCTION_PREDICTIONS,
                Taken.UNSEEN);
    }

    @Override
    public List<Rule> rules(JsonNode measured) {
        return regression
                .flatMap(section -> section.at("max_churn"))
                .<List<Rule>>map(
                        most ->
                                List.of(
                                        new Rule.AtMost(
                                                "validate.regression.max_churn",
                                                Bounds.severity(regression.orElseThrow()),
                                                CHURN,
                                                most.number())))
                .orElse(List.of());
    }

    @Override
    public Map<String, Evidence.Item> items(JsonNode measured, String production) {
        Map<String, Evidence.Item> items = new HashMap<>();
        items.put(CHURN, churn(measured));
        for (String metric : metrics) {
            items.put(difference(metric), difference(metric, measured, production));
        }
        return items;
    }

    private static Evidence.Item churn(JsonNode measured) {
        JsonNode share = measured.path("changed").path("share");
        return share.isNumber()
                ? new Evidence.Measure(share.doubleValue(), "")
                : incomparable(measured);
    }

    private static Evidence.Item difference(String metric, JsonNode measured, String production) {
        JsonNode both = measured.path("metrics").path(metric);
        if (!both.path("candidate").isNumber() || !both.path("production").isNumber()) {
            return both.isMissingNode()
                    ? incomparable(measured)
                    : new Evidence.Undefined("one of the two models has none on these rows");
        }
        return new Evidence.Difference(
                metric,
                both.path("candidate").doubleValue(),
                both.path("production").doubleValue(),
                production + without(measured),
                both.path("low").asDouble(Double.NaN),
                both.path("high").asDouble(Double.NaN),
                measured.path("rows").longValue());
    }

    private static String without(JsonNode measured) {
        int seen = measured.path("seen").intValue(0);
        return seen == 0 ? "" : ", without %,d rows that it was trained on".formatted(seen);
    }

    private static Evidence.Item incomparable(JsonNode measured) {
        if (measured.has("few")) {
            return new Evidence.TooLittle(
                    "production was trained on %,d of the held-out rows, and the other %,d are too few"
                            .formatted(
                                    measured.path("seen").intValue(),
                                    measured.path("few").intValue()));
        }
        return measured.isEmpty()
                ? new Evidence.TooLittle("there is no version in production")
                : new Evidence.Undefined(
                        measured.path("incomparable")
                                .asString("the model's task has no such metric"));
    }
}
