package dev.weir.ml.traffic;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * What turned out to be true of a row that was predicted: of the one with an id, or of the nearest
 * one of a key at or before a moment.
 *
 * @param predictionId as it was given back; null where there is a key
 * @param key whom it is about, as the requests said it; null where there is an id
 * @param at when it was so; null where there is an id
 * @param lookBack how long before {@code at} the prediction may have been
 * @param value the label, or the number as text; null where it is not known yet: such a row is
 *     passed over
 */
public record Outcome(
        @Nullable String predictionId,
        @Nullable String key,
        @Nullable Instant at,
        Duration lookBack,
        @Nullable String value) {
    /** How far one looks back where nothing else is said. */
    public static final Duration LOOK_BACK = Duration.ofDays(7);

    /** Of a row by its id. */
    public static Outcome of(String predictionId, String value) {
        return new Outcome(predictionId, null, null, LOOK_BACK, value);
    }

    /** Of the nearest row of a key in the seven days up to a moment. */
    public static Outcome of(String key, Instant at, String value) {
        return new Outcome(null, key, at, LOOK_BACK, value);
    }
}
