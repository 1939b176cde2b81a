package dev.weir.ml.gate;

import dev.weir.base.digest.Digest;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One transition, judged at a moment.
 *
 * @param id of this judgement
 * @param runId the run that asked for it, if one did
 * @param subject what was judged: {@code version:income:3}
 * @param evidence the digest of the evidence
 * @param report the rulings
 */
public record Judgement(
        String id,
        @Nullable String runId,
        String subject,
        Digest evidence,
        Instant at,
        GateReport report) {}
