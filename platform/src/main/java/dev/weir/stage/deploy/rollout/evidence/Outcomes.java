package dev.weir.stage.deploy.rollout.evidence;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Predictions whose truth is known.
 *
 * @param known how many
 * @param wrong of these, how many were wrong: another class, or a number too far off
 */
public record Outcomes(long known, long wrong) {
    public static final Outcomes NONE = new Outcomes(0, 0);

    public Outcomes plus(Outcomes other) {
        return new Outcomes(known + other.known, wrong + other.wrong);
    }

    /** What came since {@code earlier}, which is a part of this. */
    public Outcomes minus(Outcomes earlier) {
        return new Outcomes(known - earlier.known, wrong - earlier.wrong);
    }

    ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("known", known).put("wrong", wrong);
    }

    static Outcomes fromJson(JsonNode json) {
        return new Outcomes(json.path("known").longValue(), json.path("wrong").longValue());
    }
}
