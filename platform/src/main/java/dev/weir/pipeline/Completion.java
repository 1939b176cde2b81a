package dev.weir.pipeline;

import dev.weir.base.problem.Problem;
import dev.weir.store.blob.Artifact;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/** How an attempt ended, told by its thread to the engine's. */
record Completion(Slot slot, Attempt attempt, StepKey key, Instant started, Ending ending) {
    sealed interface Ending {}

    record Succeeded(SortedMap<String, Artifact> outputs, JsonNode evidence) implements Ending {}

    /** Never empty; the first decides. */
    record Failed(List<Problem> problems) implements Ending {}

    /** An input in the store is not what its name says. */
    record Corrupt(String input, Problem problem) implements Ending {}

    record Stopped(AttemptState why) implements Ending {}
}
