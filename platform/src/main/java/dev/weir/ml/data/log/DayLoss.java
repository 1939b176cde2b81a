package dev.weir.ml.data.log;

/**
 * Rows that should be in a table and are not.
 *
 * @param day in UTC, {@code 2026-11-25}
 * @param loss why
 */
public record DayLoss(String day, Loss loss, long rows) {}
