package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Rule;
import dev.weir.ml.gate.Severity;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code footprint:}, what scoring may need of this machine. */
record FootprintGate(ConfigNode section) implements ModelGate {
    private static final double MEBIBYTE = 1 << 20;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public Measuring measuring() {
        return Measuring.of(
                        "validate-footprint",
                        new FootprintKind(),
                        JsonNodeFactory.instance.objectNode(),
                        Taken.MODEL,
                        Taken.ROWS)
                .onThisMachine();
    }

    @Override
    public List<Rule> rules(JsonNode measured) {
        Severity severity = Bounds.severity(section);
        List<Rule> rules = new ArrayList<>();
        for (String size : List.of("memory", "model_size")) {
            section.at(size)
                    .ifPresent(
                            most ->
                                    rules.add(
                                            new Rule.AtMost(
                                                    gate(size),
                                                    severity,
                                                    item(size),
                                                    most.sizeBytes() / MEBIBYTE)));
        }
        section.at("load_time")
                .ifPresent(
                        most ->
                                rules.add(
                                        new Rule.AtMost(
                                                gate("load_time"),
                                                severity,
                                                item("load_time"),
                                                most.duration().toNanos() / NANOS_PER_MILLI)));
        section.at("throughput")
                .ifPresent(
                        least ->
                                rules.add(
                                        new Rule.AtLeast(
                                                gate("throughput"),
                                                severity,
                                                item("throughput"),
                                                perSecond(least))));
        return rules;
    }

    private static String gate(String key) {
        return "validate.footprint." + key;
    }

    private static String item(String key) {
        return "footprint." + key;
    }

    /** {@code 2000/s}, or a number. */
    private static double perSecond(ConfigNode node) {
        return node.json().isNumber()
                ? node.number()
                : Double.parseDouble(node.text().replace("/s", "").strip());
    }

    @Override
    public Map<String, Evidence.Item> items(JsonNode measured, String production) {
        Map<String, Evidence.Item> items = new HashMap<>();
        items.put(item("memory"), figure(measured.path("memory_bytes"), MEBIBYTE, "MiB"));
        items.put(item("model_size"), figure(measured.path("model_bytes"), MEBIBYTE, "MiB"));
        items.put(item("load_time"), figure(measured.path("load_ms"), 1, "ms"));
        items.put(item("throughput"), figure(measured.path("rows_per_second"), 1, "rows/s"));
        return items;
    }

    private static Evidence.Item figure(JsonNode value, double unit, String name) {
        return value.isNumber()
                ? new Evidence.Measure(value.doubleValue() / unit, name)
                : new Evidence.Undefined("this system does not tell it");
    }
}
