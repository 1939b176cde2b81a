package dev.weir.ml.registry;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Metrics as JSON; what is not finite is a text: {@code "NaN"}, {@code "Infinity"}. */
final class MetricsJson {
    private MetricsJson() {}

    static ObjectNode write(Map<String, Double> metrics) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(metrics)
                .forEach(
                        (key, value) -> {
                            if (Double.isFinite(value)) {
                                json.put(key, value);
                            } else {
                                json.put(key, value.toString());
                            }
                        });
        return json;
    }

    static SortedMap<String, Double> read(JsonNode json) {
        SortedMap<String, Double> metrics = new TreeMap<>();
        json.properties()
                .forEach(
                        entry -> {
                            JsonNode value = entry.getValue();
                            metrics.put(
                                    entry.getKey(),
                                    value.isString()
                                            ? Double.parseDouble(value.stringValue())
                                            : value.doubleValue());
                        });
        return metrics;
    }
}
