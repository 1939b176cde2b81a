package dev.weir.stage.deploy.rollout;

import dev.weir.ml.registry.VersionRef;

import java.util.Optional;

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

    /**
     * What trying a version came to; empty while it is being loaded. Called outside of any
     * transaction, and again until it answers; returns at once.
     */
    Optional<Result> tried(String endpoint, VersionRef version);
}
