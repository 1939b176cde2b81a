package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Rule;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code latency:}, bounds for the percentiles of how long one row takes on this machine. */
record LatencyGate(ConfigNode section) implements ModelGate {
    private static final List<String> PERCENTILES = List.of("p50", "p95", "p99");
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public Measuring measuring() {
        return Measuring.of(
                        LatencyKind.STEP,
                        new LatencyKind(),
                        JsonNodeFactory.instance.objectNode(),
                        Taken.MODEL,
                        Taken.ROWS)
                .onThisMachine();
    }

    @Override
    public List<Rule> rules(JsonNode measured) {
        List<Rule> rules = new ArrayList<>();
        for (String percentile : PERCENTILES) {
            section.at(percentile)
                    .ifPresent(
                            bound ->
                                    rules.add(
                                            new Rule.AtMost(
                                                    "validate.latency." + percentile,
                                                    Bounds.severity(section),
                                                    "latency." + percentile,
                                                    bound.duration().toNanos() / NANOS_PER_MILLI)));
        }
        return rules;
    }

    @Override
    public Map<String, Evidence.Item> items(JsonNode measured, String production) {
        Map<String, Evidence.Item> items = new HashMap<>();
        for (String percentile : PERCENTILES) {
            items.put(
                    "latency." + percentile,
                    new Evidence.Measure(measured.path(percentile).doubleValue(), "ms"));
        }
        return items;
    }
}
