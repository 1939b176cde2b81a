package dev.weir.stage.deploy.rollout;

import dev.weir.ml.registry.VersionRef;

/**
 * Loads a version and lets it answer, before it gets any traffic: what the serving runtime does.
 */
@FunctionalInterface
public interface SmokeTest {
    /**
     * What it found.
     *
     * @param words why it failed, or what it tried
     */
    record Result(boolean passed, String words) {}

    /** Tries a version, outside of any transaction; may take seconds. */
    Result tried(String endpoint, VersionRef version);
}
