package dev.weir.stage.deploy.rollout;

import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.ModelVersion;

import tools.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether a version can answer the requests that clients send to another one, and means the same by
 * its answers: the same columns of the same types, the same target and classes. Which categories a
 * column has may change: what a model does not know is missing to it.
 */
final class SignatureFit {
    private SignatureFit() {}

    /**
     * Refuses a version that does not fit; of a client's version whose signature is not Weir's,
     * nothing is known and nothing refused.
     *
     * @throws dev.weir.base.problem.ProblemException {@code rollout.signature}
     */
    static void check(String endpoint, ModelVersion answering, ModelVersion candidate) {
        if (!answering.signature().has("task") || !candidate.signature().has("task")) {
            return;
        }
        difference(answering.signature(), candidate.signature())
                .ifPresent(
                        difference -> {
                            throw Problem.refused(
                                            "rollout.signature",
                                            "%s does not fit the clients of %s, which %s answers: %s"
                                                    .formatted(
                                                            candidate.ref(),
                                                            endpoint,
                                                            answering.ref(),
                                                            difference))
                                    .hint(
                                            "A model of another name has an endpoint of its own, to"
                                                    + " which clients can move.")
                                    .exception();
                        });
    }

    private static String output(JsonNode signature) {
        return signature.path("outputs").path(0).path("name").asString("");
    }

    private static Optional<String> difference(JsonNode from, JsonNode to) {
        for (String key : new String[] {"task", "target", "positive", "negative", "classes"}) {
            if (!from.path(key).equals(to.path(key))) {
                return Optional.of(
                        "%s: %s (expected: %s)".formatted(key, text(to, key), text(from, key)));
            }
        }
        String output = output(from);
        if (!output(to).equals(output)) {
            return Optional.of(
                    "output: %s (expected: %s, which clients may ask for by name)"
                            .formatted(output(to), output));
        }
        Map<String, String> sent = inputs(from);
        Map<String, String> wanted = inputs(to);
        for (Map.Entry<String, String> input : wanted.entrySet()) {
            String given = sent.get(input.getKey());
            if (given == null) {
                return Optional.of(
                        "it needs the input " + input.getKey() + ", which they do not send");
            }
            if (!given.equals(input.getValue())) {
                return Optional.of(
                        "input %s: %s (expected: %s)"
                                .formatted(input.getKey(), input.getValue(), given));
            }
        }
        return sent.keySet().stream()
                .filter(name -> !wanted.containsKey(name))
                .findFirst()
                .map(name -> "it does not take the input " + name + ", which they send");
    }

    private static String text(JsonNode json, String key) {
        return json.has(key) ? json.path(key).toString() : "none";
    }

    private static Map<String, String> inputs(JsonNode signature) {
        Map<String, String> inputs = new TreeMap<>();
        signature
                .path("inputs")
                .forEach(
                        input ->
                                inputs.put(
                                        input.path("name").asString(""),
                                        input.path("datatype").asString("")
                                                + (input.has("unit")
                                                        ? ", " + input.path("unit").asString("")
                                                        : "")));
        return inputs;
    }
}
