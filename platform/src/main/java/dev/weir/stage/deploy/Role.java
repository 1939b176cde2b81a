package dev.weir.stage.deploy;

import java.util.Locale;

/** What a version is to an endpoint. */
public enum Role {
    /** Answers, unless another does. */
    PRIMARY,
    /** Answers a share, and is judged by it. */
    CANARY,
    /** Hears a copy, and answers nobody. */
    SHADOW;

    /** As users read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
