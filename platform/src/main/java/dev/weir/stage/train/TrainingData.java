package dev.weir.stage.train;

import dev.weir.ml.model.Signature;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;
import java.util.List;

/**
 * The rows to learn from, as numbers, and what is known of them.
 *
 * @param signature of the model to make
 * @param matrix rows x {@link Signature#matrixWidth}, row by row; NaN is missing; without
 *     infinities
 * @param texts one for each text input, in order, each with a text or null for each row
 * @param labels one for each row: 1 for the positive class and 0 for the other, the place of the
 *     class among many, or the number
 * @param weights one for each row, all finite and not negative; empty where all weigh the same
 * @param validation which of the rows, counted among themselves, only tell when to stop; may be
 *     empty
 * @param trained which rows of the table these are
 * @param heldOut which rows of the table are kept apart; none where the holdout is another file
 * @param leftOut columns that are no features, each with the reason
 */
record TrainingData(
        Signature signature,
        float[] matrix,
        List<@Nullable String[]> texts,
        float[] labels,
        float[] weights,
        BitSet validation,
        BitSet trained,
        BitSet heldOut,
        List<LeftOut> leftOut,
        Counts counts) {

    /** A column that is no feature. */
    record LeftOut(String column, String reason) {}

    /** How many rows there are to learn from. */
    int rows() {
        return labels.length;
    }

    /**
     * Rows of the table.
     *
     * @param table all of them
     * @param withoutTarget left out of both parts, as nothing can be learned from or measured on
     *     them
     * @param withoutTime left out of both parts, as they lie on no side of the moment
     */
    record Counts(int table, int trained, int heldOut, int withoutTarget, int withoutTime) {}
}
