package dev.weir.stage.train.linear;

import java.util.Arrays;

/**
 * The rows of a fit: dense columns first, and beside them sparse ones, of which a row names only
 * those that are not 0. The arrays are not copied.
 *
 * @param rows how many
 * @param denseColumns how many
 * @param dense rows x denseColumns, row by row, finite
 * @param sparseColumns how many
 * @param starts rows + 1: where the entries of each row start
 * @param columns of each entry its sparse column, from 0
 * @param values of each entry its value
 */
public record Design(
        int rows,
        int denseColumns,
        float[] dense,
        int sparseColumns,
        int[] starts,
        int[] columns,
        float[] values) {

    /** How many columns there are in all: dense before sparse. */
    public int width() {
        return denseColumns + sparseColumns;
    }

    /** Takes entries row after row. */
    public static final class Entries {
        private final int[] starts;
        private int[] columns = new int[1024];
        private float[] values = new float[1024];
        private int row;
        private int size;

        /** For this many rows. */
        public Entries(int rows) {
            starts = new int[rows + 1];
        }

        /** One more entry of the row. */
        public void add(int column, float value) {
            if (size == columns.length) {
                columns = Arrays.copyOf(columns, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            columns[size] = column;
            values[size++] = value;
        }

        /** The row has no more entries. */
        public void endRow() {
            starts[++row] = size;
        }

        /** All rows, with the dense columns beside them. */
        public Design design(int denseColumns, float[] dense, int sparseColumns) {
            return new Design(
                    row,
                    denseColumns,
                    dense,
                    sparseColumns,
                    starts,
                    Arrays.copyOf(columns, size),
                    Arrays.copyOf(values, size));
        }
    }
}
