package dev.weir.stage.train;

import dev.weir.ml.model.Signature;

import tools.jackson.databind.node.ObjectNode;

/** A model that was fitted, before it is a graph. May hold native memory until it is closed. */
interface Fitted extends AutoCloseable {
    /** The graph. */
    byte[] onnx(Signature signature);

    /**
     * What the trainer itself predicts for the first rows that it was trained on.
     *
     * @return rows x width of the signature, row by row
     */
    float[] predict(TrainingData data, int rows);

    /** Figures of the model for the report, for example how many trees it has. */
    ObjectNode figures();

    @Override
    void close();
}
