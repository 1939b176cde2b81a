package dev.weir.stage.deploy.rollout;

import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Transaction;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Has rollouts go on. Every server of a home has one and lets it tick, about ten times a second; of
 * all of them one drives a rollout, by a lease in its row, and another takes over when the lease
 * runs out. Where it stood, it goes on: everything is in the database.
 */
public final class RolloutDriver {
    /** As long a server drives before another may: more than it takes to write a few looks. */
    private static final System.Logger LOG = System.getLogger(RolloutDriver.class.getName());

    private static final Duration LEASE = Duration.ofSeconds(3);

    /** No lease is longer, whatever the clocks of two servers differ by. */
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(2);

    /** What has not changed is written once a second: how long it was watched, and the lease. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Database database;
    private final Rollouts rollouts;
    private final SmokeTest smoke;
    private final String server;
    private final Actor actor;
    private final Clock clock;

    /**
     * @param server a name that no other process of the home has
     */
    public RolloutDriver(
            Database database, Rollouts rollouts, SmokeTest smoke, String server, Clock clock) {
        this.database = database;
        this.rollouts = rollouts;
        this.smoke = smoke;
        this.server = server;
        this.actor = Actor.service("rollout");
        this.clock = clock;
    }

    /**
     * Looks at every rollout that is under way and this server's to drive.
     *
     * @return those that moved, as they are now
     */
    public List<Rollout> tick() {
        List<Rollout> moved = new ArrayList<>();
        for (Rollout rollout : database.read(rollouts::live)) {
            try {
                if (mine(rollout, clock.instant())) {
                    ticked(rollout).ifPresent(moved::add);
                }
            } catch (RuntimeException e) { // the others go on, and this one is tried again
                LOG.log(System.Logger.Level.WARNING, "rollout on " + rollout.endpoint(), e);
            }
        }
        return moved;
    }

    /**
     * Whether this server drives it, or may take over. A lease far ahead is of a clock that was set
     * back.
     */
    private boolean mine(Rollout rollout, Instant now) {
        return server.equals(rollout.driver())
                || !rollout.leaseUntil().isAfter(now)
                || rollout.leaseUntil().isAfter(now.plus(LONGEST_LEASE));
    }

    private Optional<Rollout> ticked(Rollout rollout) {
        if (rollout.state() == RolloutState.SMOKE_TEST) {
            return smoked(rollout);
        }
        Instant now = clock.instant();
        boolean waits =
                server.equals(rollout.driver())
                        && Duration.between(rollout.ticked(), now).abs().compareTo(IDLE) < 0
                        && !database.read(tx -> rollouts.fresh(tx, rollout));
        if (waits) {
            return Optional.empty();
        }
        return database.write(
                tx -> {
                    Optional<Rollout> read = rollouts.live(tx, rollout.endpoint());
                    if (read.isEmpty() || !mine(read.get(), now)) {
                        return Optional.empty();
                    }
                    Rollout driven =
                            rollouts.driven(tx, actor, read.get(), server, now.plus(LEASE));
                    if (driven.state() == RolloutState.SMOKE_TEST) {
                        return Optional.empty();
                    }
                    Rollout after = rollouts.looked(tx, actor, driven);
                    return after.state() == rollout.state() && after.step() == rollout.step()
                            ? Optional.empty()
                            : Optional.of(after);
                });
    }

    private Optional<Rollout> smoked(Rollout seen) {
        return smoke.tried(seen.endpoint(), seen.candidate())
                .flatMap(result -> database.write(tx -> smoked(tx, seen, result)));
    }

    private Optional<Rollout> smoked(Transaction tx, Rollout seen, SmokeTest.Result result) {
        return rollouts.live(tx, seen.endpoint())
                .filter(r -> r.id().equals(seen.id()))
                .filter(r -> r.state() == RolloutState.SMOKE_TEST)
                .map(r -> rollouts.driven(tx, actor, r, server, clock.instant().plus(LEASE)))
                .map(r -> rollouts.smoked(tx, actor, r, result));
    }
}
