package dev.weir.stage.deploy.rollout.evidence;

import dev.weir.ml.stats.sequential.LogHistogram;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a shadow's answers were beside the primary's, on copies of the same requests.
 *
 * @param compared answers that both gave
 * @param disagreed of these, those whose decision differs: another class, or a number further off
 *     than the tolerance
 * @param dropped copies that the shadow never saw, since its queue was full
 * @param distance between both scores or numbers, absolute
 */
public record Comparison(long compared, long disagreed, long dropped, LogHistogram distance) {
    public static final Comparison NONE = new Comparison(0, 0, 0, LogHistogram.EMPTY);

    public Comparison plus(Comparison other) {
        return new Comparison(
                compared + other.compared,
                disagreed + other.disagreed,
                dropped + other.dropped,
                distance.plus(other.distance));
    }

    /** What came since {@code earlier}, which is a part of this. */
    public Comparison minus(Comparison earlier) {
        return new Comparison(
                compared - earlier.compared,
                disagreed - earlier.disagreed,
                dropped - earlier.dropped,
                distance.minus(earlier.distance));
    }

    /** {@code {"compared","disagreed","dropped","distance":[]}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("compared", compared).put("disagreed", disagreed).put("dropped", dropped);
        json.set("distance", distance.json());
        return json;
    }

    static Comparison fromJson(JsonNode json) {
        return new Comparison(
                json.path("compared").longValue(),
                json.path("disagreed").longValue(),
                json.path("dropped").longValue(),
                LogHistogram.fromJson(json.path("distance")));
    }
}
