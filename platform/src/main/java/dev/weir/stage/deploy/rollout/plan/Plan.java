package dev.weir.stage.deploy.rollout.plan;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;

/**
 * How a version takes over: steps one after another, and what ends them. A canary of five
 * percentages is five steps.
 *
 * @param steps may be empty: then the version takes over once it has passed its smoke test
 * @param bounds what ends it
 * @param sticky whether requests of one key go together, so that their split says nothing by itself
 */
public record Plan(List<Step> steps, Bounds bounds, boolean sticky) {
    /** One flip, with the old version kept warm for ten minutes. */
    public static final Plan STANDARD =
            new Plan(List.of(new Step.BlueGreen(Duration.ofMinutes(10))), Bounds.NONE, false);

    public Plan {
        steps = List.copyOf(steps);
    }

    /** {@code {"steps":[],"abort_when":{},"sticky":false}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("steps");
        steps.forEach(step -> list.add(step.json()));
        json.set("abort_when", bounds.json());
        json.put("sticky", sticky);
        return json;
    }

    /** Reads what {@link #json} wrote. */
    public static Plan fromJson(JsonNode json) {
        return new Plan(
                json.path("steps").valueStream().map(Step::fromJson).toList(),
                Bounds.fromJson(json.path("abort_when")),
                json.path("sticky").booleanValue(false));
    }
}
