package dev.weir.ml.registry;

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
}
