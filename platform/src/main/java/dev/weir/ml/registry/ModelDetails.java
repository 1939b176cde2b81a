package dev.weir.ml.registry;

import java.util.List;
import java.util.SortedMap;

/**
 * A registered model with its tags and the newest version of each stage.
 *
 * @param latest in the order of the stages
 */
public record ModelDetails(
        RegisteredModel model, SortedMap<String, String> tags, List<VersionDetails> latest) {
    public ModelDetails {
        latest = List.copyOf(latest);
    }
}
