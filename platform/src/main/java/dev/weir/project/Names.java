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
    static final String VALIDATE_GATE = "validate-gate";

    private static final Set<String> RESERVED =
            Set.of(
                    INGEST,
                    INGEST_GATE,
                    HOLDOUT,
                    TRAIN,
                    REGISTER,
                    SCORE,
                    SCORE_PRODUCTION,
                    VALIDATE_GATE);

    /** Gates have steps whose names begin so. */
    static final String GATE_STEP = "validate-";

    /** Steps and transitions of a sweep have names that begin so. */
    static final String SWEEP_STEP = "sweep-";

    /** Whether a step of the team's own cannot be called so. */
    static boolean reserved(String name) {
        return RESERVED.contains(name) || name.startsWith(GATE_STEP) || name.startsWith(SWEEP_STEP);
    }

    private Names() {}
}
