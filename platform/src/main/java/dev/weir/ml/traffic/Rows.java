package dev.weir.ml.traffic;

import org.jspecify.annotations.Nullable;

/**
 * The rows of one request with what was said of them, as whoever answered it holds them. They are
 * read while they are offered, and not after.
 */
public interface Rows {
    /** How many there are. */
    int rows();

    /**
     * The value of a numeric input; NaN where it is missing.
     *
     * @param input its place in the signature, from 0
     */
    double number(int input, int row);

    /**
     * The value of a textual input; null or empty where it is missing.
     *
     * @param input its place in the signature, from 0
     */
    @Nullable String text(int input, int row);

    /**
     * What the model gave.
     *
     * @param k from 0, below the signature's width
     */
    float output(int row, int k);

    /**
     * Rows that lie in arrays.
     *
     * @param inputs for each input of the signature a {@code double[]} or a {@code String[]}, of
     *     one length
     * @param outputs row by row
     * @param width of the signature
     */
    static Rows of(Object[] inputs, float[] outputs, int width) {
        return new Rows() {
            @Override
            public int rows() {
                return outputs.length / width;
            }

            @Override
            public double number(int input, int row) {
                return ((double[]) inputs[input])[row];
            }

            @Override
            public @Nullable String text(int input, int row) {
                return ((@Nullable String[]) inputs[input])[row];
            }

            @Override
            public float output(int row, int k) {
                return outputs[row * width + k];
            }
        };
    }
}
