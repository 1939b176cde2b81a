package dev.weir.ml.registry;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What made a model version: six links, each a JSON object. A link that is not there, or that is
 * empty, is missing.
 *
 * @param links by link; not to be changed once given
 */
public record Recipe(Map<Link, ObjectNode> links) {
    private static final String DIGEST = "digest";

    public Recipe {
        EnumMap<Link, ObjectNode> known = new EnumMap<>(Link.class);
        links.forEach(
                (link, value) -> {
                    if (!value.isEmpty()) {
                        known.put(link, value);
                    }
                });
        links = Collections.unmodifiableMap(known);
    }

    /** The recipe that nothing is known of. */
    public static Recipe unknown() {
        return new Recipe(Map.of());
    }

    /** This recipe with one more link, or another one. */
    public Recipe with(Link link, ObjectNode value) {
        EnumMap<Link, ObjectNode> more = new EnumMap<>(Link.class);
        more.putAll(links);
        more.put(link, value);
        return new Recipe(more);
    }

    /** One link, if it is there. */
    public Optional<ObjectNode> link(Link link) {
        return Optional.ofNullable(links.get(link));
    }

    /** Whether all six links are there. */
    public boolean complete() {
        return links.size() == Link.values().length;
    }

    /** The links that are not there, in their usual order. */
    public List<Link> missing() {
        return Arrays.stream(Link.values()).filter(link -> !links.containsKey(link)).toList();
    }

    /**
     * The digest of what defines the model: its own content, and every link but the run. A link
     * that names its content by {@code digest} is defined by that alone: a commit, a path or a time
     * beside it is told and not counted.
     *
     * @param model the digest of the model's folder, where it is in the store
     */
    public Digest definition(@Nullable Digest model) {
        ObjectNode definition = JsonNodeFactory.instance.objectNode();
        definition.put("v", 1);
        definition.put("model", model == null ? "" : model.hex());
        links.forEach(
                (link, value) -> {
                    if (link != Link.RUN) {
                        JsonNode digest = value.get(DIGEST);
                        definition.set(link.word(), digest == null ? value : digest);
                    }
                });
        return CanonicalJson.digest(definition);
    }

    /** {@code {"complete","missing":[],"code":{},…}}; a missing link is an empty object. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("complete", complete());
        ArrayNode absent = json.putArray("missing");
        missing().forEach(link -> absent.add(link.word()));
        for (Link link : Link.values()) {
            json.set(link.word(), link(link).orElseGet(JsonNodeFactory.instance::objectNode));
        }
        return json;
    }

    /** The recipe of {@link #json()}. */
    public static Recipe of(JsonNode json) {
        EnumMap<Link, ObjectNode> links = new EnumMap<>(Link.class);
        for (Link link : Link.values()) {
            if (json.get(link.word()) instanceof ObjectNode value) {
                links.put(link, value);
            }
        }
        return new Recipe(links);
    }
}
