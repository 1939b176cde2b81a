package dev.weir.ml.data.matrix;

import org.jspecify.annotations.Nullable;

/** The values of one column, in the order of the rows. The arrays are not copied. */
public sealed interface ColumnData {
    /** The column's name. */
    String name();

    /** How many values there are. */
    int rows();

    /** Numbers; NaN is a missing value when read, and NaN when written. */
    record Doubles(String name, double[] values) implements ColumnData {
        @Override
        public int rows() {
            return values.length;
        }
    }

    /** Numbers of single precision. */
    record Floats(String name, float[] values) implements ColumnData {
        @Override
        public int rows() {
            return values.length;
        }
    }

    /** Whole numbers. */
    record Longs(String name, long[] values) implements ColumnData {
        @Override
        public int rows() {
            return values.length;
        }
    }

    /** Texts; null is a missing value. */
    record Texts(String name, @Nullable String[] values) implements ColumnData {
        @Override
        public int rows() {
            return values.length;
        }
    }
}
