package dev.weir.ml.tracking;

/**
 * A dataset that runs of an experiment used.
 *
 * @param context what for: {@code training}; empty where nothing says so
 */
public record DatasetUse(String experimentId, String name, String digest, String context) {}
