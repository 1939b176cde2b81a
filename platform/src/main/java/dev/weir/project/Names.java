package dev.weir.project;

import java.util.Set;

/** The names of the nodes that every pipeline has. */
final class Names {
    static final String INGEST = "ingest";
    static final String INGEST_GATE = "ingest-gate";
    static final String HOLDOUT = "holdout";
    static final String TRAIN = "train";
    static final String REGISTER = "register";
    static final String SCORE = "validate";
    static final String SCORE_PRODUCTION = "validate-production";
    static final String LATENCY = "validate-latency";
    static final String SLICES = "validate-slices";
    static final String VALIDATE_GATE = "validate-gate";

    /** What a step of the team's own cannot be called. */
    static final Set<String> RESERVED =
            Set.of(
                    INGEST,
                    INGEST_GATE,
                    HOLDOUT,
                    TRAIN,
                    REGISTER,
                    SCORE,
                    SCORE_PRODUCTION,
                    LATENCY,
                    SLICES,
                    VALIDATE_GATE);

    private Names() {}
}
