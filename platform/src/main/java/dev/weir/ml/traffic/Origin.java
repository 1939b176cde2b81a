package dev.weir.ml.traffic;

import dev.weir.base.digest.Digest;
import dev.weir.ml.model.Signature;

/**
 * Which model speaks, in which role: what all predictions of one variant have in common.
 *
 * @param role {@code primary}, {@code canary}, {@code shadow}, or the name of an arm
 * @param version of the registered model
 * @param model the digest of the model's folder
 * @param threshold a score of at least this much decides for the positive class; NaN where the task
 *     has none
 */
public record Origin(
        String role, long version, Digest model, double threshold, Signature signature) {
    /** The role of a variant that hears copies, and answers nobody. */
    public static final String SHADOW = "shadow";

    /** With the threshold of the signature. */
    public static Origin of(String role, long version, Digest model, Signature signature) {
        Signature.Classes classes = signature.classes();
        double threshold = classes == null ? Double.NaN : classes.threshold();
        return new Origin(role, version, model, threshold, signature);
    }
}
