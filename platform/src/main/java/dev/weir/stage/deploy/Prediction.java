package dev.weir.stage.deploy;

import dev.weir.ml.model.Signature;

/**
 * An answer.
 *
 * @param id names it, for outcomes that come later
 * @param version of the model that gave it
 * @param role of that version at this endpoint
 * @param signature of that version
 * @param outputs rows x width of the signature, row by row
 */
public record Prediction(
        String id, long version, Role role, Signature signature, int rows, float[] outputs) {

    /**
     * The label that a row is given.
     *
     * @param row from 0
     * @throws IllegalStateException of a regression, which decides nothing
     */
    public String decision(int row) {
        int width = signature.width();
        if (signature.classes() instanceof Signature.Classes classes) {
            return outputs[row] >= classes.threshold() ? classes.positive() : classes.negative();
        }
        if (width == 1) {
            throw new IllegalStateException("a regression decides nothing");
        }
        int best = 0;
        for (int k = 1; k < width; k++) {
            best = outputs[row * width + k] > outputs[row * width + best] ? k : best;
        }
        return signature.labels().get(best);
    }

    /** Whether rows are given labels. */
    public boolean decides() {
        return signature.decides();
    }
}
