package dev.weir.ml.traffic;

import dev.weir.base.digest.Digest;

import org.jspecify.annotations.Nullable;

/**
 * One request that was answered by one variant.
 *
 * @param id given back to the client; the shadow's entry has that of the request that it copies
 * @param timeMicros when the request came, in microseconds since the epoch
 * @param key whom the request is about, for outcomes by key and for erasure, where the policy takes
 *     it out of no input; only its digest is kept. Null where it is not known
 * @param assignment the digest by which the variant was chosen; null where chance alone chose
 * @param propensity the probability with which this variant was chosen, above 0 and at most 1
 * @param rows inputs and outputs
 * @param latencyNanos from the request's decoding to its answer
 * @param error the code of what went wrong, for a prediction that failed: its outputs are not read;
 *     else null
 */
public record Entry(
        PredictionId id,
        long timeMicros,
        @Nullable String key,
        @Nullable Digest assignment,
        double propensity,
        Rows rows,
        long latencyNanos,
        @Nullable String error) {}
