package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Rule;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code robustness:}, what spoilt rows may do to a metric and to decisions. */
final class RobustnessGate implements ModelGate {
    private final ConfigNode section;
    private final Map<String, Double> strengths = new HashMap<>();

    RobustnessGate(ConfigNode section) {
        this.section = section;
        section.at("metric").ifPresent(metric -> Bounds.metric(metric.text(), metric));
        for (Perturbation each : Perturbation.values()) {
            section.at(each.text())
                    .ifPresent(
                            node -> {
                                double strength =
                                        !node.json().isBoolean()
                                                ? node.number()
                                                : node.flag() ? each.standard() : 0;
                                if (strength > 0) {
                                    strengths.put(each.text(), strength);
                                }
                            });
        }
    }

    @Override
    public Measuring measuring() {
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        section.at("metric").ifPresent(metric -> params.put("metric", metric.text()));
        ObjectNode perturbations = params.putObject("perturbations");
        strengths.forEach(perturbations::put);
        return Measuring.of(
                "validate-robustness",
                new RobustnessKind(),
                params,
                Taken.MODEL,
                Taken.ROWS,
                Taken.PREDICTIONS);
    }

    @Override
    public List<Rule> rules(JsonNode measured) {
        List<Rule> rules = new ArrayList<>();
        for (Perturbation each : Perturbation.values()) {
            if (strengths.containsKey(each.text())) {
                rule(rules, each, "max_drop", drop(each, metric(measured)));
                rule(rules, each, "max_flip", flips(each));
            }
        }
        return rules;
    }

    private void rule(List<Rule> rules, Perturbation each, String key, String item) {
        String gate = "validate.robustness." + each.text() + "." + key;
        section.at(key)
                .ifPresent(
                        most ->
                                rules.add(
                                        new Rule.AtMost(
                                                gate,
                                                Bounds.severity(section),
                                                item,
                                                most.number())));
    }

    private static String metric(JsonNode measured) {
        return measured.path("metric").asString("");
    }

    private static String drop(Perturbation each, String metric) {
        return "the drop of " + metric + " under " + each.text();
    }

    private static String flips(Perturbation each) {
        return "the share of decisions that change under " + each.text();
    }

    @Override
    public Map<String, Evidence.Item> items(JsonNode measured, String production) {
        Map<String, Evidence.Item> items = new HashMap<>();
        for (Perturbation each : Perturbation.values()) {
            JsonNode result = measured.path("perturbations").path(each.text());
            items.put(drop(each, metric(measured)), item(result, "drop"));
            items.put(flips(each), item(result, "flips"));
        }
        return items;
    }

    private static Evidence.Item item(JsonNode result, String key) {
        return result.path(key).isNumber()
                ? new Evidence.Measure(result.path(key).doubleValue(), "")
                : result.isNull()
                        ? new Evidence.TooLittle("the model has no input that it could concern")
                        : new Evidence.Undefined("the metric is undefined on these rows");
    }
}
