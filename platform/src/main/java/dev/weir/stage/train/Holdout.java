package dev.weir.stage.train;

import java.nio.file.Path;
import java.util.List;

/** Which rows are kept from training, to measure the model on. */
public sealed interface Holdout {
    /**
     * A share of the rows, by the hash of each row: equal rows stay together, and a row's side does
     * not depend on other rows.
     *
     * @param fraction above 0 and below 1
     * @param key the columns whose values are hashed; none for all columns
     */
    record Fraction(double fraction, List<String> key) implements Holdout {
        public Fraction {
            key = List.copyOf(key);
            if (!(fraction > 0 && fraction < 1)) {
                throw new IllegalArgumentException(
                        "fraction: " + fraction + " (expected: above 0 and below 1)");
            }
        }
    }

    /**
     * The rows from a moment on.
     *
     * @param time the column that orders the rows, a DATE or TIMESTAMP
     * @param moment ISO 8601 without a zone, for example {@code 2012-01-01} or {@code
     *     2012-01-01T00:00:00}; a row of this very moment is held out
     */
    record After(String time, String moment) implements Holdout {}

    /** The rows of another Parquet file, with the same columns. */
    record File(Path parquet) implements Holdout {}
}
