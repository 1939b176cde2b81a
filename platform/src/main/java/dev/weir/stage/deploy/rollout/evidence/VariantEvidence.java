package dev.weir.stage.deploy.rollout.evidence;

import dev.weir.ml.stats.sequential.LogHistogram;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one variant did in a window.
 *
 * @param requests that it was asked, whether it answered or failed; a request that was bad in
 *     itself counts nowhere
 * @param errors how many of them failed, by code: {@code 500}, {@code timeout}
 * @param latency of its answers, in seconds
 * @param scores probabilities of the positive class, or predicted numbers
 * @param labels how often each class was predicted, where there are many
 * @param outcomes its predictions whose truth is known
 */
public record VariantEvidence(
        long requests,
        SortedMap<String, Long> errors,
        LogHistogram latency,
        LogHistogram scores,
        SortedMap<String, Long> labels,
        Outcomes outcomes) {
    public static final VariantEvidence NONE =
            new VariantEvidence(
                    0,
                    Collections.emptySortedMap(),
                    LogHistogram.EMPTY,
                    LogHistogram.EMPTY,
                    Collections.emptySortedMap(),
                    Outcomes.NONE);

    public VariantEvidence {
        errors = Collections.unmodifiableSortedMap(new TreeMap<>(errors));
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /** How many requests failed. */
    public long failed() {
        return errors.values().stream().mapToLong(count -> count).sum();
    }

    public VariantEvidence plus(VariantEvidence other) {
        return new VariantEvidence(
                requests + other.requests,
                combined(errors, other.errors, 1),
                latency.plus(other.latency),
                scores.plus(other.scores),
                combined(labels, other.labels, 1),
                outcomes.plus(other.outcomes));
    }

    /** What came since {@code earlier}, which is a part of this. */
    public VariantEvidence minus(VariantEvidence earlier) {
        return new VariantEvidence(
                requests - earlier.requests,
                combined(errors, earlier.errors, -1),
                latency.minus(earlier.latency),
                scores.minus(earlier.scores),
                combined(labels, earlier.labels, -1),
                outcomes.minus(earlier.outcomes));
    }

    private static SortedMap<String, Long> combined(
            SortedMap<String, Long> one, SortedMap<String, Long> other, int sign) {
        SortedMap<String, Long> sum = new TreeMap<>(one);
        other.forEach((key, count) -> sum.merge(key, sign * count, Long::sum));
        sum.values().removeIf(count -> count == 0);
        return sum;
    }

    /** {@code {"requests","errors":{},"latency":[],"scores":[],"labels":{},"outcomes":{}}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("requests", requests);
        ObjectNode codes = json.putObject("errors");
        errors.forEach(codes::put);
        json.set("latency", latency.json());
        json.set("scores", scores.json());
        ObjectNode classes = json.putObject("labels");
        labels.forEach(classes::put);
        json.set("outcomes", outcomes.json());
        return json;
    }

    static VariantEvidence fromJson(JsonNode json) {
        return new VariantEvidence(
                json.path("requests").longValue(),
                counts(json.path("errors")),
                LogHistogram.fromJson(json.path("latency")),
                LogHistogram.fromJson(json.path("scores")),
                counts(json.path("labels")),
                Outcomes.fromJson(json.path("outcomes")));
    }

    private static SortedMap<String, Long> counts(JsonNode json) {
        SortedMap<String, Long> counts = new TreeMap<>();
        json.properties()
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue().longValue()));
        return counts;
    }
}
