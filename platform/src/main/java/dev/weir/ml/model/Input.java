package dev.weir.ml.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** One input of a model: a column of the table, shape [N, 1]. */
public sealed interface Input {
    /**
     * The column's name, and the name of the input in the ONNX graph and the inference protocol.
     */
    String name();

    /** The element type in the words of the inference protocol. */
    String datatype();

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
    }

    /**
     * A text out of a known set; datatype BYTES (UTF-8). The empty text and every text outside the
     * set is missing.
     *
     * @param categories what training saw, frozen: in the order of {@link #BY_UTF8}, none twice,
     *     none empty. The model knows a category by its place in this list, from 0
     */
    record Category(String name, List<String> categories) implements Input {
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
    }
}
