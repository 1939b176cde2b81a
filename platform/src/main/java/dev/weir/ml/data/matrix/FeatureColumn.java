package dev.weir.ml.data.matrix;

import java.util.List;

/** A column as a model sees it: a number. */
public sealed interface FeatureColumn {
    /** The column's name in the table. */
    String name();

    /**
     * A number as it is; true and false as 1 and 0; a day as days, a moment as seconds, since 1970.
     * Missing is NaN.
     */
    record Numeric(String name) implements FeatureColumn {}

    /**
     * The place of the value in a frozen list, from 0. Missing, or not in the list, is NaN.
     *
     * @param categories texts; a column that is no text is compared by DuckDB's text of it
     */
    record Categorical(String name, List<String> categories) implements FeatureColumn {
        public Categorical {
            categories = List.copyOf(categories);
        }
    }
}
