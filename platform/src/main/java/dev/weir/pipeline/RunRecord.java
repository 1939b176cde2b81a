package dev.weir.pipeline;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Instant;

/**
 * A pipeline run as the database holds it.
 *
 * @param trigger why it started, one of the design's trigger words
 * @param actor who started it, {@code person:anna}
 * @param project commit, tree, dirty
 */
public record RunRecord(
        String runId,
        String workspace,
        String pipeline,
        RunStatus status,
        String trigger,
        String actor,
        JsonNode project,
        Instant started,
        @Nullable Instant ended,
        @Nullable String problem) {
    RunRecord ended(RunStatus how, Instant at, @Nullable String why) {
        return new RunRecord(
                runId, workspace, pipeline, how, trigger, actor, project, started, at, why);
    }
}
