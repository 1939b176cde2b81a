package dev.weir.ml.model;

import dev.weir.ml.data.matrix.DatePart;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** One input of a model: a column of the table, shape [N, 1]. */
public sealed interface Input {
    /**
     * The column's name, and the name of the input in the ONNX graph and the inference protocol.
     */
    String name();

    /** The element type in the words of the inference protocol. */
    String datatype();

    /**
     * How many columns of a matrix of numbers it becomes, inside the graph and in training; of a
     * text none, as each of its words is one.
     */
    int width();

    /**
     * A number, or a boolean as 0 and 1; datatype FP64; NaN is missing.
     *
     * @param min the lowest value that training saw, finite
     * @param max the highest value that training saw, finite
     */
    record Number(String name, double min, double max) implements Input {
        public Number {
            if (!(Double.isFinite(min) && Double.isFinite(max) && min <= max)) {
                throw new IllegalArgumentException(
                        "range of "
                                + name
                                + ": "
                                + min
                                + " to "
                                + max
                                + " (expected: finite, ascending)");
            }
        }

        @Override
        public String datatype() {
            return "FP64";
        }

        @Override
        public int width() {
            return 1;
        }
    }

    /**
     * A day or a moment of a calendar without a zone, as days or seconds since 1970-01-01; datatype
     * FP64; NaN is missing. The graph itself takes the parts out of it that the model looks at.
     */
    record Moment(String name, Unit unit) implements Input {
        /** What a moment is counted in. */
        public enum Unit {
            /** Days since 1970-01-01. */
            DAYS(List.of(DatePart.YEAR, DatePart.MONTH, DatePart.WEEKDAY)),
            /** Seconds since 1970-01-01 at midnight. */
            SECONDS(List.of(DatePart.YEAR, DatePart.MONTH, DatePart.WEEKDAY, DatePart.HOUR));

            private final List<DatePart> parts;

            Unit(List<DatePart> parts) {
                this.parts = parts;
            }

            /** What a model looks at, in the order of the matrix's columns. */
            public List<DatePart> parts() {
                return parts;
            }

            /** As the signature has it, for example {@code days since 1970-01-01}. */
            public String text() {
                return name().toLowerCase(Locale.ROOT) + " since 1970-01-01";
            }
        }

        @Override
        public String datatype() {
            return "FP64";
        }

        @Override
        public int width() {
            return unit.parts().size();
        }
    }

    /**
     * A text that is read word by word; datatype BYTES (UTF-8); the empty text is missing. See
     * {@link WordReader} for what a word is.
     */
    record Text(String name) implements Input {
        @Override
        public String datatype() {
            return "BYTES";
        }

        @Override
        public int width() {
            return 0;
        }
    }

    /**
     * A text out of a known set; datatype BYTES (UTF-8). The empty text is missing, and so is every
     * text outside the set, unless those are a category together.
     *
     * @param categories what training saw, frozen: in the order of {@link #BY_UTF8}, none twice,
     *     none empty. The model knows a category by its place in this list, from 0
     * @param other whether all texts outside the set are one more category, whose place is behind
     *     the list
     */
    record Category(String name, List<String> categories, boolean other) implements Input {
        /** Without a category for what is outside the set. */
        public Category(String name, List<String> categories) {
            this(name, categories, false);
        }

        /**
         * The order of categories: by their UTF-8 bytes, unsigned. DuckDB sorts text the same way.
         */
        public static final Comparator<String> BY_UTF8 =
                (a, b) ->
                        Arrays.compareUnsigned(
                                a.getBytes(StandardCharsets.UTF_8),
                                b.getBytes(StandardCharsets.UTF_8));

        public Category {
            categories = List.copyOf(categories);
            for (int i = 0; i < categories.size(); i++) {
                if (categories.get(i).isEmpty()
                        || (i > 0
                                && BY_UTF8.compare(categories.get(i - 1), categories.get(i))
                                        >= 0)) {
                    throw new IllegalArgumentException(
                            "category "
                                    + (i + 1)
                                    + " of "
                                    + name
                                    + ": '"
                                    + categories.get(i)
                                    + "' (expected: not empty, in order of UTF-8, none twice)");
                }
            }
        }

        @Override
        public String datatype() {
            return "BYTES";
        }

        @Override
        public int width() {
            return 1;
        }

        /** How many places there are: one for each category, and one for all others. */
        public int places() {
            return categories.size() + (other ? 1 : 0);
        }
    }
}
