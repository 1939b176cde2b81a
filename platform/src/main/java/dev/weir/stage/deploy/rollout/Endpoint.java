package dev.weir.stage.deploy.rollout;

import dev.weir.ml.registry.VersionRef;
import dev.weir.stage.deploy.rollout.plan.Deployment;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Optional;

/**
 * A name that answers predictions of one model.
 *
 * @param primary the version that is in production; null until there was one
 * @param warm a version to keep loaded beside it: the way back; null where there is none
 * @param deployment as the pipeline file had it at the last promotion
 * @param revision of the workspace's routes when this one last changed
 */
public record Endpoint(
        String name,
        String model,
        @Nullable Long primary,
        @Nullable Long warm,
        Deployment deployment,
        long revision,
        Instant created,
        Instant updated) {
    /** {@code income:2}, in production; empty until there was one. */
    public Optional<VersionRef> answering() {
        return primary == null ? Optional.empty() : Optional.of(VersionRef.of(model, primary));
    }

    /** {@code {"endpoint","model","primary","warm","deployment":{},"updated"}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("endpoint", name).put("model", model);
        json.put("primary", primary).put("warm", warm);
        json.set("deployment", deployment.json());
        json.put("updated", updated.toString());
        return json;
    }
}
