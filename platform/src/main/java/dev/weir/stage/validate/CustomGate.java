package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Observed;
import dev.weir.ml.gate.Rule;
import dev.weir.ml.gate.Verdict;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/**
 * One entry of {@code custom:}, a gate that a program of the team's own judges.
 *
 * @param name its key
 * @param section what it runs, as a step of the team's own does
 */
public record CustomGate(String name, ConfigNode section) implements ModelGate {
    /** The name of its step. */
    public String step() {
        return "validate-custom-" + name;
    }

    /** The table of predictions that it reads: {@code csv} or {@code parquet}. */
    public String format() {
        return section.at("predictions").map(ConfigNode::text).orElse("csv");
    }

    @Override
    public List<Rule> rules(JsonNode measured) {
        return List.of(new Rule.Says("validate.custom." + name, Bounds.severity(section), name));
    }

    @Override
    public Map<String, Evidence.Item> items(JsonNode measured, String production) {
        JsonNode value = measured.path("value");
        return Map.of(
                name,
                new Evidence.Opinion(
                        Verdict.named(measured.path("verdict").asString("")).orElse(Verdict.ERROR),
                        value.isNumber()
                                ? new Observed.Figure(
                                        value.doubleValue(), measured.path("unit").asString(""))
                                : value.isString()
                                        ? new Observed.Words(value.stringValue())
                                        : new Observed.Nothing(),
                        measured.path("expected").asString("its own rules"),
                        measured.path("reason").asString("It gave no reason.")));
    }
}
