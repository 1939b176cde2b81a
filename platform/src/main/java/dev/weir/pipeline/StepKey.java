package dev.weir.pipeline;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The name of a step's result: SHA-256 over a length-prefixed encoding of everything that decides
 * it, component by component, so that a plan can say which component changed.
 *
 * @param hex 64 digits
 * @param components by name: {@code kind}, {@code command}, {@code code}, {@code salt}, {@code
 *     outputs}, {@code input NAME}, {@code param NAME.NAME}, {@code environment NAME}
 */
record StepKey(String hex, SortedMap<String, String> components) {
    private static final String ENCODING = "weir-step-key/1";

    /**
     * The key of a step.
     *
     * @param inputs the digest of each input's content
     */
    static StepKey of(Step step, Map<String, Digest> inputs) {
        SortedMap<String, String> parts = new TreeMap<>();
        parts.put("kind", step.kind().id());
        parts.put("command", step.kind().command());
        parts.put("salt", step.cacheSalt());
        parts.put("code", step.code() == null ? "" : step.code().hex());
        StringBuilder outputs = new StringBuilder();
        step.outputs()
                .forEach((n, path) -> outputs.append(n).append('=').append(path).append('\n'));
        parts.put("outputs", outputs.toString());
        step.inputs()
                .forEach(
                        (n, input) -> {
                            Digest digest = inputs.get(n);
                            if (digest == null) {
                                throw new IllegalStateException("no digest of input " + n);
                            }
                            parts.put("input " + n, input.path() + " " + digest.hex());
                        });
        flat("param", step.params(), parts);
        step.environment()
                .properties()
                .forEach(
                        e ->
                                parts.put(
                                        "environment " + e.getKey(),
                                        CanonicalJson.text(e.getValue())));
        return new StepKey(digest(parts), parts);
    }

    /** Objects within an object are taken apart, so that a change is told by its full name. */
    private static void flat(String prefix, JsonNode object, SortedMap<String, String> parts) {
        object.properties()
                .forEach(
                        e -> {
                            String separator = prefix.equals("param") ? " " : ".";
                            String name = prefix + separator + e.getKey();
                            if (e.getValue().isObject() && !e.getValue().isEmpty()) {
                                flat(name, e.getValue(), parts);
                            } else {
                                parts.put(name, CanonicalJson.text(e.getValue()));
                            }
                        });
    }

    private static String digest(SortedMap<String, String> parts) {
        ByteArrayOutputStream encoding = new ByteArrayOutputStream(1024);
        feed(encoding, ENCODING);
        parts.forEach(
                (component, value) -> {
                    feed(encoding, component);
                    feed(encoding, value);
                });
        return Digest.of(encoding.toByteArray()).hex();
    }

    private static void feed(ByteArrayOutputStream encoding, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int shift = 24; shift >= 0; shift -= 8) {
            encoding.write(bytes.length >>> shift);
        }
        encoding.writeBytes(bytes);
    }
}
