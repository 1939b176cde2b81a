package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Rule;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code regression:}, rows whose answer is known and must not change. */
record CasesGate(ConfigNode section) implements ModelGate {
    private static final String CASES = "regression cases";
    private static final int NAMED = 3;

    @Override
    public Measuring measuring() {
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        params.put("tolerance", section.at("tolerance").map(ConfigNode::number).orElse(0.0));
        return Measuring.of("validate-regression", new CasesKind(), params, Taken.MODEL)
                .with("cases", section.need("cases"));
    }

    @Override
    public List<Rule> rules(JsonNode measured) {
        return List.of(
                new Rule.Holds(
                        "validate.regression.cases",
                        Bounds.severity(section),
                        CASES,
                        section.at("max_failed").map(ConfigNode::number).orElse(0.0)));
    }

    @Override
    public Map<String, Evidence.Item> items(JsonNode measured, String production) {
        long failed = measured.path("failed").longValue();
        List<String> named = new ArrayList<>();
        for (JsonNode failure : measured.path("failures")) {
            if (named.size() < NAMED) {
                named.add(
                        "%s gives %s where %s was expected"
                                .formatted(
                                        failure.path("case").stringValue(),
                                        failure.path("predicted").asString(),
                                        failure.path("expected").asString()));
            }
        }
        return Map.of(
                CASES,
                new Evidence.Tally(
                        failed,
                        measured.path("cases").longValue(),
                        named.isEmpty() ? "none is wrong" : String.join("; ", named),
                        "each as before"));
    }
}
