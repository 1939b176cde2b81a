package dev.weir.pipeline;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;

/**
 * One attempt, as a person sees it.
 *
 * @param number of this step in this run, from 1
 * @param state running, succeeded, failed, timed_out, cancelled, lost
 */
public record AttemptReport(
        String attemptId,
        String step,
        int number,
        String state,
        Instant started,
        @Nullable Instant ended,
        @Nullable String reason,
        Path log) {}
