package dev.weir.stage.deploy;

import org.jspecify.annotations.Nullable;

/**
 * Who is told what an endpoint does, on the thread of the request: it returns at once and throws
 * nothing.
 */
public interface Witness {
    /**
     * A request was answered, or a copy of it heard by a shadow.
     *
     * @param endpoint where
     * @param placed the version
     * @param rows what was asked
     * @param prediction what was said
     * @param key what the split went by, if there was something
     * @param propensity the probability with which the request met this version
     * @param nanos how long the model took
     */
    void answered(
            String endpoint,
            Deployment.Placed placed,
            Rows rows,
            Prediction prediction,
            @Nullable String key,
            double propensity,
            long nanos);

    /** A version failed at a request. */
    void failed(String endpoint, Deployment.Placed placed, Role role, long nanos);

    /**
     * A shadow and the primary said something to the same rows.
     *
     * @param agreed of how many rows both gave the same label; of a regression those whose numbers
     *     differ by no more than 1 %
     * @param farthest how far their numbers differ at most
     */
    void compared(String endpoint, int rows, int agreed, double farthest);
}
