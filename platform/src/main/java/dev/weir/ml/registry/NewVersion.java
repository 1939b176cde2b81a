package dev.weir.ml.registry;

import dev.weir.base.digest.Digest;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * A version to be registered.
 *
 * @param model the registered model's name; made where there is none
 * @param digest of the model's folder in the store; null where it is kept elsewhere
 * @param recipe what made it
 * @param runId the run that made it, if one did
 * @param source where the model's folder is, in the words of who registers it; may be empty
 * @param description for people; may be empty
 * @param metrics a snapshot of what the run measured
 * @param signature {@code {"inputs":[…],"outputs":[…]}}
 */
public record NewVersion(
        String model,
        @Nullable Digest digest,
        Recipe recipe,
        @Nullable String runId,
        String source,
        String description,
        Map<String, Double> metrics,
        ObjectNode signature) {
    public NewVersion {
        metrics = Map.copyOf(metrics);
    }
}
