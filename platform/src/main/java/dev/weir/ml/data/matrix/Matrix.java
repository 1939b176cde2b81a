package dev.weir.ml.data.matrix;

/**
 * A table as numbers, row after row, in the order of the file.
 *
 * <p>The arrays are the matrix itself, not copies: whoever holds it may read them, and leaves them
 * as they are.
 */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final float[] values;
    private final double[] target;
    private final long[] hashes;

    Matrix(int rows, int columns, float[] values, double[] target, long[] hashes) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
        this.target = target;
        this.hashes = hashes;
    }

    /** How many rows. */
    public int rows() {
        return rows;
    }

    /** How many feature columns. */
    public int columns() {
        return columns;
    }

    /** Shape [rows, columns]: row r, column c stands at {@code r * columns + c}; NaN is missing. */
    public float[] values() {
        return values;
    }

    /** Shape [rows]; NaN is missing; empty where no target was asked for. */
    public double[] target() {
        return target;
    }

    /** Shape [rows]: a stable hash of each row, see {@link MatrixReader}. */
    public long[] hashes() {
        return hashes;
    }
}
