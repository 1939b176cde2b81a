package dev.weir.ml.registry;

import java.util.Locale;

/** Where a promotion stands that somebody asked for. */
public enum PromotionState {
    /** It waits for an approval. */
    WAITING,
    /** It has what it needs. */
    APPROVED,
    /** A rollout carries it out. */
    UNDER_WAY,
    /** The version is in its stage. */
    CARRIED_OUT,
    /** Somebody said no. */
    REJECTED,
    /** What was to be approved has changed since it was asked for. */
    VOID,
    /** It was approved and could not be carried out. */
    FAILED;

    /** The words that people and JSON use: {@code under way}. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Whether anything can still come of it. */
    public boolean open() {
        return this == WAITING || this == APPROVED || this == UNDER_WAY;
    }
}
