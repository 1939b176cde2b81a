package dev.weir.stage.deploy.rollout.plan;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;

/**
 * What ends a rollout: {@code abort_when}. Each acts on what is sure of the figure, not on the bare
 * figure. What is null is not asked for; the comparison with the primary is made all the same.
 *
 * @param errorRate share of requests that fail, 0 to 1
 * @param p99 99 in 100 answers take at most this
 * @param predictionPsi the population stability index of predictions against the primary's
 */
public record Bounds(
        @Nullable Double errorRate, @Nullable Duration p99, @Nullable Double predictionPsi) {
    /** No bound. */
    public static final Bounds NONE = new Bounds(null, null, null);

    /** {@code {"error_rate","p99_ms","prediction_psi"}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("error_rate", errorRate);
        json.put("p99_ms", p99 == null ? null : p99.toNanos() / 1e6);
        json.put("prediction_psi", predictionPsi);
        return json;
    }

    /** Reads what {@link #json} wrote. */
    static Bounds fromJson(JsonNode json) {
        Double millis = number(json.path("p99_ms"));
        return new Bounds(
                number(json.path("error_rate")),
                millis == null ? null : Duration.ofNanos(Math.round(millis * 1e6)),
                number(json.path("prediction_psi")));
    }

    private static @Nullable Double number(JsonNode json) {
        return json.isNumber() ? Double.valueOf(json.doubleValue()) : null;
    }
}
