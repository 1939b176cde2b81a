package dev.weir.stage.deploy.rollout;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.JsonTree;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import java.time.Instant;
import java.util.Optional;

/** What servers saw in the windows of rollouts: one row for each server and step. */
final class WindowDao {
    private final Transaction tx;

    WindowDao(Transaction tx) {
        this.tx = tx;
    }

    /** Adds what a server saw to what it saw before. */
    void add(String rollout, int step, String server, Evidence evidence, Instant now) {
        Optional<Evidence> before =
                tx.first(
                        """
                        select evidence from rollout_window
                        where rollout_id = ? and step = ? and server = ?\
                        """,
                        row -> Evidence.fromJson(JsonTree.read(row.getString(1))),
                        rollout,
                        step,
                        server);
        String sum = CanonicalJson.text(before.orElse(Evidence.NONE).plus(evidence).json());
        if (before.isPresent()) {
            tx.update(
                    """
                    update rollout_window set evidence = ?, updated_us = ?
                    where rollout_id = ? and step = ? and server = ?\
                    """,
                    sum,
                    Times.micros(now),
                    rollout,
                    step,
                    server);
        } else {
            tx.update(
                    """
                    insert into rollout_window (rollout_id, step, server, evidence, updated_us)
                    values (?, ?, ?, ?, ?)\
                    """,
                    rollout,
                    step,
                    server,
                    sum,
                    Times.micros(now));
        }
    }

    /** What all servers saw in a step. */
    Evidence of(String rollout, int step) {
        return tx
                .all(
                        """
                        select evidence from rollout_window where rollout_id = ? and step = ?
                        order by server\
                        """,
                        row -> Evidence.fromJson(JsonTree.read(row.getString(1))),
                        rollout,
                        step)
                .stream()
                .reduce(Evidence.NONE, Evidence::plus);
    }
}
