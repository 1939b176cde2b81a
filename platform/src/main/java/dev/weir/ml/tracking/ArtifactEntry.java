package dev.weir.ml.tracking;

/**
 * What a folder of artifacts shows.
 *
 * @param name without the folders above
 * @param sizeBytes of a file; 0 for a folder
 */
public record ArtifactEntry(String name, boolean folder, long sizeBytes) {}
