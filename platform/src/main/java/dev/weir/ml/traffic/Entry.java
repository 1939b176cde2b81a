package dev.weir.ml.traffic;

import dev.weir.ml.model.Columns;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One request that was answered by one variant. What it holds is read while it is offered, and not
 * after.
 *
 * @param id given back to the client, by {@link PredictionIds}; the shadow's entry has that of the
 *     request that it copies
 * @param micros when the request came, in microseconds since the epoch
 * @param origin which model spoke, in which role: the same object for all entries of a variant
 * @param assignment what the split went by; only its pseudonym is kept. Null where chance chose
 * @param propensity the probability with which this variant was chosen, above 0 and at most 1
 * @param inputs by the place of their input in the signature: numbers for FP64, else texts
 * @param outputs rows x width of the signature, row by row; not read where there is an error
 * @param latencyNanos how long the answer took
 * @param error the code of what went wrong, for a prediction that failed; else null
 */
public record Entry(
        String id,
        long micros,
        Origin origin,
        @Nullable String assignment,
        double propensity,
        List<Columns.Column> inputs,
        float[] outputs,
        long latencyNanos,
        @Nullable String error) {

    /** How many rows it has. */
    int rows() {
        return inputs.getFirst().rows();
    }
}
