package dev.weir.stage.deploy.rollout.watch;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one check found in a step.
 *
 * @param check its name: {@code error_rate}
 * @param observed the bare figure of this step, in words
 * @param expected in words
 */
public record Finding(String check, Verdict verdict, String observed, String expected) {
    /** {@code error_rate: 11 % (expected: at most 1 %)}. */
    public String line() {
        return "%s: %s (expected: %s)".formatted(check, observed, expected);
    }

    /** {@code {"check","verdict","observed","expected"}}. */
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("check", check)
                .put("verdict", verdict.words())
                .put("observed", observed)
                .put("expected", expected);
    }
}
