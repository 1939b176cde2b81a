package dev.weir.stage.train;

import dev.weir.ml.model.Signature;

import java.util.BitSet;
import java.util.List;

/**
 * The rows to learn from, as numbers, and what is known of them.
 *
 * @param signature of the model to make: the matrix has one column for each input, in order
 * @param matrix rows x inputs, row by row; NaN is missing; without infinities
 * @param labels one for each row: 1 for the positive class and 0 for the other, or the number
 * @param heldOut which rows of the table are kept apart; none where the holdout is another file
 * @param leftOut columns that are no features, each with the reason
 */
record TrainingData(
        Signature signature,
        float[] matrix,
        float[] labels,
        BitSet heldOut,
        List<LeftOut> leftOut,
        Counts counts) {

    /** A column that is no feature. */
    record LeftOut(String column, String reason) {}

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
