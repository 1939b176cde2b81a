package dev.weir.ml.registry;

import java.util.List;
import java.util.SortedMap;

/**
 * A version with its tags and aliases, and what a client told of it besides.
 *
 * @param location where its files are to be fetched from; its source where nothing else is known
 */
public record VersionDetails(
        ModelVersion version,
        SortedMap<String, String> tags,
        List<String> aliases,
        String runLink,
        String location) {
    public VersionDetails {
        aliases = List.copyOf(aliases);
    }
}
