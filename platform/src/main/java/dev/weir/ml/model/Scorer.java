package dev.weir.ml.model;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * A model that answers, whatever it is made of. Safe for use by many threads; {@link #close} it
 * when no call is on its way.
 */
public sealed interface Scorer extends AutoCloseable permits OnnxScorer, ProcessScorer {

    /**
     * Opens a model.
     *
     * @param scratch a folder for what the model needs on disk while it is open
     * @throws dev.weir.base.problem.ProblemException (INPUT) where the model cannot be opened, or
     *     does not have the inputs and the output that its signature promises; (STEP) where it is a
     *     program that does not start, or does not answer
     */
    static Scorer open(ModelFolder model, Path scratch) {
        return switch (model) {
            case ModelFolder.Onnx onnx -> OnnxScorer.open(onnx);
            case ModelFolder.Program program -> ProcessScorer.open(program, scratch);
        };
    }

    /** What the model takes and gives. */
    Signature signature();

    /**
     * Scores a batch.
     *
     * @return for each row the probability of the positive class, or the prediction; of many
     *     classes rows x classes, row by row, in the order of the signature's labels
     * @throws dev.weir.base.problem.ProblemException (INPUT) for a missing column or one of the
     *     wrong kind; (STEP) where the model fails on these values
     */
    float[] score(Columns columns);

    /** A place for one row, for callers that score row after row. For one thread at a time. */
    SingleRow singleRow();

    @Override
    void close();

    /** One row, set value by value and scored again and again. Close it before its scorer. */
    interface SingleRow extends AutoCloseable {
        /** Sets a number by the place of its input in the signature, from 0; NaN is missing. */
        void set(int input, double value);

        /** Sets a text by the place of its input in the signature, from 0; null is missing. */
        void set(int input, @Nullable String value);

        /**
         * The probability or prediction of the row as it is set, of many classes that of the first;
         * what was never set is missing.
         */
        float score();

        /** As {@link #score()}, but all that the model gives for the row. */
        float[] scores();

        @Override
        void close();
    }
}
