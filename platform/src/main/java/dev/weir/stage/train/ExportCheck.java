package dev.weir.stage.train;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.Task;

/**
 * Proves that the exported graph says what the trainer says: the same rows through both.
 *
 * @param rows how many rows were compared
 * @param maxDifference the largest absolute difference of probabilities; of predictions, relative
 *     to the larger of the trainer's prediction and the spread of its predictions
 * @param labelFlips decisions that differ though the probability is not within {@link #TOLERANCE}
 *     of the threshold, or of many classes not within it of the other class's
 */
record ExportCheck(int rows, double maxDifference, int labelFlips) {
    static final double TOLERANCE = 1e-5;

    /**
     * Compares.
     *
     * @param found what the graph says, rows x width of the signature
     * @param expected what the trainer says of the same rows
     * @throws dev.weir.base.problem.ProblemException (DEFECT) where both differ by more than {@link
     *     #TOLERANCE}, or in a decision
     */
    static ExportCheck compare(Signature signature, float[] found, float[] expected) {
        boolean regression = signature.task() == Task.REGRESSION;
        double scale = regression ? spread(expected) : 1;
        double largest = 0;
        for (int i = 0; i < found.length; i++) {
            double unit = regression ? Math.max(scale, Math.abs(expected[i])) : 1;
            double difference = Math.abs((double) found[i] - expected[i]) / unit;
            largest = difference > largest || Double.isNaN(difference) ? difference : largest;
        }
        int rows = found.length / signature.width();
        int flips = 0;
        for (int row = 0; row < rows; row++) {
            flips += flips(signature, found, expected, row) ? 1 : 0;
        }
        ExportCheck check = new ExportCheck(rows, largest, flips);
        if (!(largest <= TOLERANCE) || flips > 0) {
            throw Problem.defect(
                            "train.export",
                            "the exported model differs from the trainer's: by "
                                    + largest
                                    + " (expected: at most "
                                    + TOLERANCE
                                    + "), with "
                                    + flips
                                    + " other decisions, in "
                                    + rows
                                    + " rows")
                    .exception();
        }
        return check;
    }

    private static boolean flips(Signature signature, float[] found, float[] expected, int row) {
        Signature.Classes classes = signature.classes();
        if (classes != null) {
            return Math.abs(expected[row] - classes.threshold()) >= TOLERANCE
                    && expected[row] >= classes.threshold() != found[row] >= classes.threshold();
        }
        int width = signature.width();
        int decided = first(found, row * width, width);
        int right = first(expected, row * width, width);
        return width > 1
                && expected[row * width + right] - expected[row * width + decided] >= TOLERANCE;
    }

    /** The place of the largest of some values, the first of equals. */
    private static int first(float[] values, int from, int count) {
        int best = 0;
        for (int k = 1; k < count; k++) {
            best = values[from + k] > values[from + best] ? k : best;
        }
        return best;
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
