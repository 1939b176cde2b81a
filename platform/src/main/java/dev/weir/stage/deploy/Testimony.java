package dev.weir.stage.deploy;

import dev.weir.stage.deploy.rollout.evidence.EvidenceRecorder;

/** Tells a rollout's evidence of a prediction. */
final class Testimony {
    private Testimony() {}

    static void answered(EvidenceRecorder.Variant of, Prediction prediction, long nanos) {
        of.answered(nanos);
        for (int row = 0; row < prediction.rows(); row++) {
            if (prediction.signature().width() > 1) {
                of.predicted(prediction.decision(row));
            } else {
                of.predicted(prediction.outputs()[row]);
            }
        }
    }
}
