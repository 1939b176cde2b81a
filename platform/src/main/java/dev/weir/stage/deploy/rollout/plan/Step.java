package dev.weir.stage.deploy.rollout.plan;

import dev.weir.base.digest.CanonicalJson;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;

/** One step of a plan. */
public sealed interface Step {
    /**
     * The new version sees copies of requests.
     *
     * @param lasts at least
     * @param minRequests compared, at least
     * @param maxDisagreement the share of requests on which both may decide differently
     */
    record Shadow(Duration lasts, long minRequests, double maxDisagreement) implements Step {}

    /**
     * The new version answers a share of the requests.
     *
     * @param percent above 0, at most 100
     * @param lasts at least
     * @param minRequests that the new version answered, at least
     */
    record Canary(double percent, Duration lasts, long minRequests) implements Step {}

    /**
     * The new version answers all requests at once.
     *
     * @param warm how long the old one is kept ready, and the new one is watched
     */
    record BlueGreen(Duration warm) implements Step {}

    /** {@code shadow}, {@code canary} or {@code blue_green}. */
    default String kind() {
        return switch (this) {
            case Shadow ignored -> "shadow";
            case Canary ignored -> "canary";
            case BlueGreen ignored -> "blue_green";
        };
    }

    /** The share of the requests that the new version answers, 0 to 100. */
    default double percent() {
        return switch (this) {
            case Shadow ignored -> 0;
            case Canary canary -> canary.percent;
            case BlueGreen ignored -> 100;
        };
    }

    /** How long it lasts at least. */
    default Duration lasts() {
        return switch (this) {
            case Shadow shadow -> shadow.lasts;
            case Canary canary -> canary.lasts;
            case BlueGreen flip -> flip.warm;
        };
    }

    /** How many requests must have been seen. */
    default long minRequests() {
        return switch (this) {
            case Shadow shadow -> shadow.minRequests;
            case Canary canary -> canary.minRequests;
            case BlueGreen ignored -> 0;
        };
    }

    /** {@code shadow}, {@code canary 5 %} or {@code flip}. */
    default String words() {
        return switch (this) {
            case Shadow ignored -> "shadow";
            case Canary canary -> "canary " + percent(canary.percent);
            case BlueGreen ignored -> "flip";
        };
    }

    /** {@code 5 %}. */
    static String percent(double percent) {
        return CanonicalJson.text(JsonNodeFactory.instance.numberNode(percent)) + " %";
    }

    /** {@code {"step":"canary","percent":5,"lasts_ms":300000,"min_requests":200}}. */
    default ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("step", kind());
        json.put("lasts_ms", lasts().toMillis());
        json.put("min_requests", minRequests());
        switch (this) {
            case Shadow shadow -> json.put("max_disagreement", shadow.maxDisagreement);
            case Canary canary -> json.put("percent", canary.percent);
            case BlueGreen ignored -> {}
        }
        return json;
    }

    /** Reads what {@link #json} wrote. */
    static Step fromJson(JsonNode json) {
        Duration lasts = Duration.ofMillis(json.path("lasts_ms").longValue());
        long requests = json.path("min_requests").longValue();
        String step = json.path("step").stringValue();
        return switch (step) {
            case "shadow" ->
                    new Shadow(lasts, requests, json.path("max_disagreement").doubleValue());
            case "canary" -> new Canary(json.path("percent").doubleValue(), lasts, requests);
            case "blue_green" -> new BlueGreen(lasts);
            default ->
                    throw new IllegalArgumentException(
                            "step: " + step + " (expected: shadow, canary or blue_green)");
        };
    }
}
