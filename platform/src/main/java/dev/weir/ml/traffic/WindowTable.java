package dev.weir.ml.traffic;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A window as a table.
 *
 * @param parquet the rows, in the order of their time
 * @param rows how many there are in the window
 * @param known of how many the outcome is known
 * @param contradicted of how many there are outcomes that differ: the last counts
 * @param medianDelay from prediction to outcome; nearest rank; zero where none is known
 * @param p95Delay 95 % of the outcomes that are known came within this
 */
public record WindowTable(
        Path parquet,
        long rows,
        long known,
        long contradicted,
        Duration medianDelay,
        Duration p95Delay) {

    /** The share of rows whose outcome is known; 0 of no rows. */
    public double coverage() {
        return rows == 0 ? 0 : (double) known / rows;
    }
}
