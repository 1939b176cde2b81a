package dev.weir.ml.stats;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Measured values, one for each metric of a task, in the order of {@link Metric}. A metric that is
 * not defined on the rows measured is present without a value.
 *
 * @param values unmodifiable, in the order of the table; a value is always finite
 */
public record Metrics(Map<Metric, OptionalDouble> values) {
    public Metrics {
        EnumMap<Metric, OptionalDouble> sorted = new EnumMap<>(Metric.class);
        sorted.putAll(values);
        values = Collections.unmodifiableMap(sorted);
    }

    /** The value of a metric; empty where it is undefined on these rows or not of this task. */
    public OptionalDouble value(Metric metric) {
        return values.getOrDefault(metric, OptionalDouble.empty());
    }

    /** Name to number, or null where undefined, in the order of the table. */
    public ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        values.forEach(
                (metric, value) -> {
                    if (value.isPresent()) {
                        node.put(metric.text(), value.getAsDouble());
                    } else {
                        node.putNull(metric.text());
                    }
                });
        return node;
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws IllegalArgumentException for a name that is no metric, or a value that is no number
     */
    public static Metrics fromJson(JsonNode node) {
        Map<Metric, OptionalDouble> values = new EnumMap<>(Metric.class);
        node.forEachEntry(
                (name, value) -> {
                    Metric metric =
                            Metric.named(name)
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            "no metric: " + name));
                    if (!value.isNull() && !value.isNumber()) {
                        throw new IllegalArgumentException(
                                name + ": " + value + " (expected: a number or null)");
                    }
                    values.put(
                            metric,
                            value.isNull()
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of(value.doubleValue()));
                });
        return new Metrics(values);
    }

    /** Gathers values; NaN and infinities, the marks of 0/0 inside formulas, become "undefined". */
    static final class Gathering {
        private final Map<Metric, OptionalDouble> values = new EnumMap<>(Metric.class);

        Gathering put(Metric metric, double value) {
            values.put(
                    metric,
                    Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty());
            return this;
        }

        Metrics metrics() {
            return new Metrics(values);
        }
    }
}
