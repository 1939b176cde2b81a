package dev.weir.ml.tracking;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A run without what it logged.
 *
 * @param name equal to the tag {@code mlflow.runName}
 * @param ended null while it is running
 */
public record RunInfo(
        String id,
        String experimentId,
        String name,
        RunStatus status,
        Lifecycle lifecycle,
        String user,
        Instant started,
        @Nullable Instant ended) {}
