package dev.weir.ml.model;

import dev.weir.base.problem.Problem;
import dev.weir.ml.stats.Task;

/** What scores can be: finite, and of classes probabilities that sum to one. */
public final class ScoreCheck {
    /** How far probabilities may be off 0, 1, and a sum of 1, as a program may round them. */
    static final double ROUNDING = 1e-3;

    private ScoreCheck() {}

    /**
     * Refuses what are no scores.
     *
     * @param scores rows x width of the signature, row by row
     * @throws dev.weir.base.problem.ProblemException (STEP, {@code model.scoring}) with the first
     *     row that is at fault, from 1
     */
    public static void require(Signature signature, float[] scores) {
        int width = signature.width();
        boolean probability = signature.task() != Task.REGRESSION;
        for (int row = 0; row < scores.length / width; row++) {
            double sum = 0;
            for (int k = 0; k < width; k++) {
                float score = scores[row * width + k];
                if (!isScore(score, probability)) {
                    throw fault(
                            row,
                            Float.toString(score),
                            probability ? "a probability, 0 to 1" : "a finite number");
                }
                sum += score;
            }
            if (width > 1 && Math.abs(sum - 1) > ROUNDING) {
                throw fault(row, "probabilities of a sum of %.4f".formatted(sum), "1");
            }
        }
    }

    static boolean isScore(double score, boolean probability) {
        return Double.isFinite(score)
                && (!probability || score >= -ROUNDING && score <= 1 + ROUNDING);
    }

    private static RuntimeException fault(int row, String found, String expected) {
        return Problem.step(
                        "model.scoring",
                        "the model says of row %d: %s (expected: %s)"
                                .formatted(row + 1, found, expected))
                .exception();
    }
}
