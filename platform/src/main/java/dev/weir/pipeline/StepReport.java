package dev.weir.pipeline;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * What became of one step in one run.
 *
 * @param key absent where the run ended before the inputs were known
 * @param reason why it failed or was skipped
 * @param log of its last attempt in this run
 */
public record StepReport(
        String step,
        String stage,
        Outcome outcome,
        @Nullable String key,
        Instant started,
        Instant ended,
        @Nullable String reason,
        @Nullable Path log) {
    /** How long it took in this run. */
    public Duration elapsed() {
        return Duration.between(started, ended);
    }
}
