package dev.weir.stage.deploy.rollout;

import dev.weir.ml.registry.Promotion;

/** What came of asking for a version in production. */
public sealed interface Begun {
    /**
     * It is in production already: nothing was before it, so that there was nothing to compare
     * with.
     */
    record AtOnce(Endpoint endpoint, Promotion promotion) implements Begun {}

    /** A rollout carries it out. */
    record UnderWay(Rollout rollout) implements Begun {}
}
