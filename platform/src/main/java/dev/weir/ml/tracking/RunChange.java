package dev.weir.ml.tracking;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What is to change of a run; what is null stays.
 *
 * @param status where it stands
 * @param ended when it ended; null: now, where the status is one that ends it
 * @param name the tag {@code mlflow.runName} follows
 */
public record RunChange(
        @Nullable RunStatus status, @Nullable Instant ended, @Nullable String name) {
    /** A change of the status. */
    public static RunChange of(RunStatus status) {
        return new RunChange(status, null, null);
    }
}
