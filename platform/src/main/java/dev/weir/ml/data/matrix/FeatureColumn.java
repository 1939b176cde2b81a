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
     * The place of the value in a frozen list, from 0. What is missing, or not in the list, is NaN.
     *
     * @param categories texts; a column that is no text is compared by DuckDB's text of it
     * @param other whether a text that is not in the list, and not empty, has the place behind it
     */
    record Categorical(String name, List<String> categories, boolean other)
            implements FeatureColumn {
        public Categorical {
            categories = List.copyOf(categories);
        }

        /** Without a place for what is not in the list. */
        public Categorical(String name, List<String> categories) {
            this(name, categories, false);
        }
    }

    /** A part of a day or a moment. Missing is NaN. */
    record Part(String name, DatePart part) implements FeatureColumn {}
}
