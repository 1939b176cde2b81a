package dev.weir.stage.deploy.rollout;

import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.store.meta.Transaction;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The rollouts of one workspace. Keeps no state of its own; every method is part of its
 * transaction.
 */
public final class Rollouts {
    private final String workspace;
    private final Clock clock;

    public Rollouts(String workspace, Clock clock) {
        this.workspace = workspace;
        this.clock = clock;
    }

    /** The one that is under way on an endpoint. */
    public Optional<Rollout> live(Transaction tx, String endpoint) {
        return new RolloutDao(tx, workspace).live(endpoint);
    }

    /** Those of an endpoint, the newest first. */
    public List<Rollout> history(Transaction tx, String endpoint) {
        return new RolloutDao(tx, workspace).ofEndpoint(endpoint);
    }

    /** Adds what a server saw in a window of a rollout, named by a {@link Route.Live}. */
    public void saw(Transaction tx, String rollout, int step, String server, Evidence evidence) {
        new WindowDao(tx).add(rollout, step, server, evidence, clock.instant());
    }
}
