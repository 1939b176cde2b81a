package dev.weir.ml.tracking;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * A run to be started.
 *
 * @param id letters, digits, {@code _} and {@code -}, at most 256; usually 32 hexadecimal digits
 * @param experimentId the experiment it belongs to
 * @param name for people; need not be unique
 * @param user who started it
 * @param started when; null: now
 * @param tags at its start; {@code mlflow.runName} is set to the name
 */
public record NewRun(
        String id,
        String experimentId,
        String name,
        String user,
        @Nullable Instant started,
        Map<String, String> tags) {
    public NewRun {
        tags = Map.copyOf(tags);
    }

    /** A run that starts now. */
    public NewRun(
            String id, String experimentId, String name, String user, Map<String, String> tags) {
        this(id, experimentId, name, user, null, tags);
    }

    /** A run without tags. */
    public static NewRun of(String id, String experimentId, String name, String user) {
        return new NewRun(id, experimentId, name, user, Map.of());
    }
}
