package dev.weir.pipeline;

/**
 * A result in the cache, with where it stands.
 *
 * @param workspace the workspace that knows it
 * @param step the step that gave it
 */
public record CachedResult(String workspace, String step, StepResult result) {}
