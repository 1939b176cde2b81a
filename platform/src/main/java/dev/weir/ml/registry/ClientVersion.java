package dev.weir.ml.registry;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * A version that a client registers: its files are where the client keeps them, and its recipe is
 * what is known of its run.
 *
 * @param model the registered model's name, which must be known
 * @param source where its files are, in the client's words
 * @param location where they are to be fetched from; empty: at the source
 * @param recipe the links that are known
 * @param runId the run that made it, if one did
 * @param runLink where that run is shown, if it is one of another place; may be empty
 * @param description for people; may be empty
 */
public record ClientVersion(
        String model,
        String source,
        String location,
        Recipe recipe,
        @Nullable String runId,
        String runLink,
        String description,
        Map<String, String> tags) {
    public ClientVersion {
        tags = Map.copyOf(tags);
    }
}
