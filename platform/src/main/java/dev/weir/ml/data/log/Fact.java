package dev.weir.ml.data.log;

import org.jspecify.annotations.Nullable;

/**
 * What became known later of a row: of the row with an id, or of the nearest row of a key at or
 * before a moment.
 *
 * @param id the row's, or null
 * @param key the row's, or null
 * @param at in microseconds since the epoch; {@link RowBytes#MISSING} where there is an id
 * @param lookBack how long before {@code at} the row may be, in microseconds
 * @param text what became known
 * @param number the same as a number; NaN where it is none
 */
public record Fact(
        @Nullable String id,
        @Nullable String key,
        long at,
        long lookBack,
        String text,
        double number) {}
