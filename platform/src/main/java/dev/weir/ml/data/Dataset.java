package dev.weir.ml.data;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A named series of dataset versions.
 *
 * @param lastNumber the highest number ever given; 1 or more
 * @param accepted the number of the last version whose ingest gates passed; null where there was
 *     none
 */
public record Dataset(String name, long lastNumber, @Nullable Long accepted, Instant created) {}
