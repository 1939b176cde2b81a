package dev.weir.ml.tracking;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.SortedMap;

/**
 * A model that a run logged, before or without being registered.
 *
 * @param id {@code m-} and 32 hexadecimal digits
 * @param type the client's word for what it is; may be empty
 * @param runId the run that logged it, if one did
 * @param params by key
 * @param tags by key
 */
public record LoggedModel(
        String id,
        String experimentId,
        String name,
        Status status,
        String type,
        @Nullable String runId,
        Instant created,
        Instant updated,
        SortedMap<String, String> params,
        SortedMap<String, String> tags) {
    /** Whether its files are there. */
    public enum Status {
        /** They are being uploaded. */
        PENDING,
        /** They are. */
        READY,
        /** They never will be. */
        UPLOAD_FAILED
    }
}
