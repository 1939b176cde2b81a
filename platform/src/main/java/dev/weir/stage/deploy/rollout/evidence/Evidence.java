package dev.weir.stage.deploy.rollout.evidence;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happened on an endpoint in one window, on both sides. The evidence of several servers, and
 * of one before and after a restart, adds up.
 *
 * @param primary the version in production
 * @param candidate the version that is to take over
 * @param comparison of a shadow's answers with the primary's
 */
public record Evidence(VariantEvidence primary, VariantEvidence candidate, Comparison comparison) {
    public static final Evidence NONE =
            new Evidence(VariantEvidence.NONE, VariantEvidence.NONE, Comparison.NONE);

    /** Whether nothing happened. */
    public boolean isEmpty() {
        return equals(NONE);
    }

    public Evidence plus(Evidence other) {
        return new Evidence(
                primary.plus(other.primary),
                candidate.plus(other.candidate),
                comparison.plus(other.comparison));
    }

    /** What came since {@code earlier}, which is a part of this. */
    public Evidence minus(Evidence earlier) {
        return new Evidence(
                primary.minus(earlier.primary),
                candidate.minus(earlier.candidate),
                comparison.minus(earlier.comparison));
    }

    /** {@code {"primary":{},"candidate":{},"comparison":{}}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("primary", primary.json());
        json.set("candidate", candidate.json());
        json.set("comparison", comparison.json());
        return json;
    }

    /** Reads what {@link #json} wrote. */
    public static Evidence fromJson(JsonNode json) {
        return new Evidence(
                VariantEvidence.fromJson(json.path("primary")),
                VariantEvidence.fromJson(json.path("candidate")),
                Comparison.fromJson(json.path("comparison")));
    }
}
