package dev.weir.stage.deploy.rollout;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.JsonTree;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Rows of rollouts. */
final class RolloutDao {
    private static final String COLUMNS =
            """
            select id, endpoint, model, version, replaces, plan, state, step, resumes, watched_us,
                ticked_us, waits, watch, actor, reason, promotion_id, driver, lease_until_us,
                revision, created_us, updated_us, ended_us
            from rollout where workspace = ?\
            """;

    private final Transaction tx;
    private final String workspace;

    RolloutDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.workspace = workspace;
    }

    void insert(Rollout rollout) {
        tx.update(
                """
                insert into rollout
                    (id, workspace, endpoint, model, version, replaces, plan, state, step, resumes,
                     watched_us, ticked_us, waits, watch, actor, reason, promotion_id, driver,
                     lease_until_us, revision, created_us, updated_us, ended_us)
                values (?, ?, ?, ?, ?, cast(? as bigint), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                    ?, cast(? as bigint))\
                """,
                rollout.id(),
                workspace,
                rollout.endpoint(),
                rollout.model(),
                rollout.version(),
                rollout.replaces(),
                CanonicalJson.text(rollout.plan().json()),
                rollout.state().word(),
                rollout.step(),
                word(rollout.resumes()),
                micros(rollout.watched()),
                Times.micros(rollout.ticked()),
                list(rollout.waits()),
                CanonicalJson.text(rollout.watch()),
                rollout.actor().toString(),
                rollout.reason(),
                rollout.promotion(),
                rollout.driver(),
                Times.micros(rollout.leaseUntil()),
                rollout.revision(),
                Times.micros(rollout.created()),
                Times.micros(rollout.updated()),
                rollout.ended() == null ? null : Times.micros(rollout.ended()));
    }

    /**
     * Writes what may change, if nobody has written since it was read.
     *
     * @param rollout with the revision that was read; the row's is one more afterwards
     * @return whether it was written
     */
    boolean update(Rollout rollout) {
        return tx.update(
                        """
                        update rollout set state = ?, step = ?, resumes = ?, watched_us = ?,
                            ticked_us = ?, waits = ?, watch = ?, driver = ?,
                            lease_until_us = ?, revision = revision + 1, updated_us = ?,
                            ended_us = cast(? as bigint)
                        where workspace = ? and id = ? and revision = ?\
                        """,
                        rollout.state().word(),
                        rollout.step(),
                        word(rollout.resumes()),
                        micros(rollout.watched()),
                        Times.micros(rollout.ticked()),
                        list(rollout.waits()),
                        CanonicalJson.text(rollout.watch()),
                        rollout.driver(),
                        Times.micros(rollout.leaseUntil()),
                        Times.micros(rollout.updated()),
                        rollout.ended() == null ? null : Times.micros(rollout.ended()),
                        workspace,
                        rollout.id(),
                        rollout.revision())
                == 1;
    }

    Optional<Rollout> ofId(String id) {
        return tx.first(COLUMNS + " and id = ?", RolloutDao::rollout, workspace, id);
    }

    /** The one that is under way on an endpoint. */
    Optional<Rollout> live(String endpoint) {
        return tx.first(
                COLUMNS + " and endpoint = ? and ended_us is null",
                RolloutDao::rollout,
                workspace,
                endpoint);
    }

    /** All that are under way, the oldest first. */
    List<Rollout> live() {
        return tx.all(
                COLUMNS + " and ended_us is null order by created_us, id",
                RolloutDao::rollout,
                workspace);
    }

    /** Those of an endpoint, the newest first. */
    List<Rollout> ofEndpoint(String endpoint) {
        return tx.all(
                COLUMNS + " and endpoint = ? order by created_us desc, id desc",
                RolloutDao::rollout,
                workspace,
                endpoint);
    }

    private static @Nullable String word(@Nullable RolloutState state) {
        return state == null ? null : state.word();
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private static String list(List<String> texts) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        texts.forEach(json::add);
        return CanonicalJson.text(json);
    }

    private static Rollout rollout(ResultSet row) throws SQLException {
        String resumes = row.getString(9);
        Long ended = EndpointDao.number(row, 22);
        return new Rollout(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                EndpointDao.number(row, 5),
                Plan.fromJson(JsonTree.read(row.getString(6))),
                RolloutState.of(row.getString(7)),
                row.getInt(8),
                resumes == null ? null : RolloutState.of(resumes),
                Duration.ofNanos(row.getLong(10) * 1_000),
                Times.instant(row.getLong(11)),
                JsonTree.read(row.getString(12)).valueStream().map(JsonNode::stringValue).toList(),
                JsonTree.read(row.getString(13)),
                Actor.parse(row.getString(14)),
                row.getString(15),
                row.getString(16),
                row.getString(17),
                Times.instant(row.getLong(18)),
                row.getLong(19),
                Times.instant(row.getLong(20)),
                Times.instant(row.getLong(21)),
                ended == null ? null : Times.instant(ended));
    }
}
