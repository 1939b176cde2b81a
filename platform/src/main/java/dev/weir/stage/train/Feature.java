package dev.weir.stage.train;

import java.util.List;
import java.util.Optional;

/**
 * A column that the model may look at.
 *
 * @param name the column's name in the table
 * @param kind how it becomes a number
 * @param categories of a category, if they are frozen: sorted by UTF-8, none twice, none empty;
 *     else they are found in the rows that are trained on
 */
public record Feature(String name, Kind kind, Optional<List<String>> categories) {
    /** How a column becomes a number. */
    public enum Kind {
        /** A number as it is; true is 1, false 0; null is missing. */
        NUMBER,
        /** The place of its text among the known ones; null, "" and unknown texts are missing. */
        CATEGORY,
        /** The words in it. */
        TEXT
    }

    public Feature {
        categories = categories.map(List::copyOf);
        if (kind != Kind.CATEGORY && categories.isPresent()) {
            throw new IllegalArgumentException(name + ": categories of what is none");
        }
    }

    /** A number, or a boolean. */
    public static Feature number(String name) {
        return new Feature(name, Kind.NUMBER, Optional.empty());
    }

    /** A text that is read word by word. */
    public static Feature text(String name) {
        return new Feature(name, Kind.TEXT, Optional.empty());
    }

    /** A category whose values are found in the rows that are trained on. */
    public static Feature category(String name) {
        return new Feature(name, Kind.CATEGORY, Optional.empty());
    }
}
