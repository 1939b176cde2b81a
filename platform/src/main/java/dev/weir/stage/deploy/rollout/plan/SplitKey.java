package dev.weir.stage.deploy.rollout.plan;

import dev.weir.base.config.ConfigNode;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What decides which version answers a request: requests of the same key go to the same one. */
public sealed interface SplitKey {
    /** Each request by itself. */
    record Request() implements SplitKey {}

    /** The value of an HTTP header; a request without it goes by itself. */
    record Header(String name) implements SplitKey {}

    /** The value of an input column; a request without it goes by itself. */
    record Field(String name) implements SplitKey {}

    /** {@code {}}, {@code {"header":"x-user"}} or {@code {"field":"person_id"}}. */
    default ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        return switch (this) {
            case Request ignored -> json;
            case Header(String name) -> json.put("header", name);
            case Field(String name) -> json.put("field", name);
        };
    }

    /** Reads what {@link #json} wrote. */
    static SplitKey fromJson(JsonNode json) {
        if (json.path("header").isString()) {
            return new Header(json.path("header").stringValue());
        }
        return json.path("field").isString()
                ? new Field(json.path("field").stringValue())
                : new Request();
    }

    /** Reads {@code key:} of a pipeline file, whose schema lets one of both through. */
    static SplitKey read(ConfigNode key) {
        return fromJson(key.json());
    }
}
