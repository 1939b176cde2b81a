package dev.weir.stage.train;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;

/**
 * Proves that the exported graph says what the library says: the same rows through both.
 *
 * @param rows how many rows were compared
 * @param maxDifference the largest absolute difference of probabilities; of predictions, relative
 *     to the larger of the library's prediction and the spread of its predictions
 * @param labelFlips decisions that differ though the probability is not within {@link #TOLERANCE}
 *     of the threshold
 */
record ExportCheck(int rows, double maxDifference, int labelFlips) {
    static final double TOLERANCE = 1e-5;

    /**
     * Compares.
     *
     * @param matrix rows x inputs, as the library was given them
     * @param expected what the library predicts for them
     * @throws dev.weir.base.problem.ProblemException (DEFECT) where both differ by more than {@link
     *     #TOLERANCE}, or in a decision
     */
    static ExportCheck compare(ModelFolder model, float[] matrix, float[] expected) {
        float[] found;
        try (Scorer scorer = Scorer.open(model)) {
            found = scorer.score(matrix);
        }
        Signature.Classes classes = model.signature().classes();
        double scale = classes == null ? spread(expected) : 1;
        double largest = 0;
        int flips = 0;
        for (int i = 0; i < found.length; i++) {
            double unit = classes == null ? Math.max(scale, Math.abs(expected[i])) : 1;
            double difference = Math.abs((double) found[i] - expected[i]) / unit;
            largest = difference > largest || Double.isNaN(difference) ? difference : largest;
            if (classes != null
                    && Math.abs(expected[i] - classes.threshold()) >= TOLERANCE
                    && expected[i] >= classes.threshold() != found[i] >= classes.threshold()) {
                flips++;
            }
        }
        ExportCheck check = new ExportCheck(found.length, largest, flips);
        if (!(largest <= TOLERANCE) || flips > 0) {
            throw Problem.defect(
                            "train.export",
                            "the exported model differs from XGBoost's: by "
                                    + largest
                                    + " (expected: at most "
                                    + TOLERANCE
                                    + "), with "
                                    + flips
                                    + " other decisions, in "
                                    + found.length
                                    + " rows")
                    .exception();
        }
        return check;
    }

    /** Half the range of the predictions, or 1 where they are all alike and near 0. */
    private static double spread(float[] values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (float value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return max > min ? (max - min) / 2 : 1;
    }
}
