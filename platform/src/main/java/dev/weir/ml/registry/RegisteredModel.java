package dev.weir.ml.registry;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A named series of model versions.
 *
 * @param lastVersion the highest number ever given; 0 where there was none
 * @param aliases the version that each points to
 */
public record RegisteredModel(
        String name,
        String description,
        long lastVersion,
        SortedMap<String, Long> aliases,
        Instant created,
        Instant updated) {
    public RegisteredModel {
        aliases = Collections.unmodifiableSortedMap(new TreeMap<>(aliases));
    }

    /** {@code {"name","description","versions","aliases":{"production":3},"created"}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name);
        json.put("description", description);
        json.put("versions", lastVersion);
        ObjectNode names = json.putObject("aliases");
        aliases.forEach(names::put);
        json.put("created", created.toString());
        return json;
    }
}
