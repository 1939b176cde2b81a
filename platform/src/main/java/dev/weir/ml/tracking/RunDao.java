package dev.weir.ml.tracking;

import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of runs, with their parameters and tags. */
final class RunDao {
    private static final String COLUMNS =
            "id, experiment_id, name, status, lifecycle, user_name, started_us, ended_us";

    private static final String OF_WORKSPACE =
            "select " + COLUMNS + " from run where workspace = ?";

    private final Transaction tx;
    private final String workspace;

    RunDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.workspace = workspace;
    }

    /** Whether the id was free, and the run is there now. */
    boolean insert(RunInfo run) {
        return tx.update(
                        """
                        insert into run
                            (id, workspace, experiment_id, name, status, lifecycle, user_name,
                             started_us)
                        values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing\
                        """,
                        run.id(),
                        workspace,
                        run.experimentId(),
                        run.name(),
                        run.status().word(),
                        run.lifecycle().word(),
                        run.user(),
                        Times.micros(run.started()))
                == 1;
    }

    void status(String id, RunStatus status, @Nullable Instant ended) {
        tx.update(
                "update run set status = ?, ended_us = cast(? as bigint)"
                        + " where workspace = ? and id = ?",
                status.word(),
                ended == null ? null : Times.micros(ended),
                workspace,
                id);
    }

    void rename(String id, String name) {
        tx.update("update run set name = ? where workspace = ? and id = ?", name, workspace, id);
    }

    /** Deletes or restores a run, if it is in the other state. */
    void lifecycle(String id, Lifecycle lifecycle, Instant now) {
        tx.update(
                "update run set lifecycle = ?, deleted_us = cast(? as bigint)"
                        + " where workspace = ? and id = ? and lifecycle <> ?",
                lifecycle.word(),
                lifecycle == Lifecycle.DELETED ? Times.micros(now) : null,
                workspace,
                id,
                lifecycle.word());
    }

    /** Deletes the active runs of an experiment. */
    void deleteAll(String experimentId, Instant now) {
        tx.update(
                """
                update run set lifecycle = 'deleted', deleted_us = ?
                where workspace = ? and experiment_id = ? and lifecycle = 'active'\
                """,
                Times.micros(now),
                workspace,
                experimentId);
    }

    /** Restores the runs of an experiment that were deleted at that moment. */
    void restoreAll(String experimentId, Instant deleted) {
        tx.update(
                """
                update run set lifecycle = 'active', deleted_us = null
                where workspace = ? and experiment_id = ? and deleted_us = ?\
                """,
                workspace,
                experimentId,
                Times.micros(deleted));
    }

    Optional<RunInfo> ofId(String id) {
        return tx.first(OF_WORKSPACE + " and id = ?", RunDao::info, workspace, id);
    }

    List<RunInfo> newest(String experimentId, int limit) {
        return tx.all(
                OF_WORKSPACE
                        + " and experiment_id = ? and lifecycle = 'active'"
                        + " order by started_us desc, id limit ?",
                RunDao::info,
                workspace,
                experimentId,
                limit);
    }

    void insertParams(String runId, Map<String, String> params) {
        put("insert into param (run_id, key, value) values (?, ?, ?)", runId, params);
    }

    void putTags(String runId, Map<String, String> tags) {
        put(
                "insert into run_tag (run_id, key, value) values (?, ?, ?)"
                        + " on conflict (run_id, key) do update set value = excluded.value",
                runId,
                tags);
    }

    /** Whether there was such a tag. */
    boolean deleteTag(String runId, String key) {
        return tx.update("delete from run_tag where run_id = ? and key = ?", runId, key) == 1;
    }

    private void put(String sql, String runId, Map<String, String> values) {
        if (values.isEmpty()) {
            return;
        }
        List<@Nullable Object[]> rows = new ArrayList<>(values.size());
        values.forEach((key, value) -> rows.add(new @Nullable Object[] {runId, key, value}));
        tx.updateEach(sql, rows);
    }

    /** One parameter, if the run has it. */
    Optional<String> param(String runId, String key) {
        return tx.first(
                "select value from param where run_id = ? and key = ?",
                row -> row.getString(1),
                runId,
                key);
    }

    private static RunInfo info(ResultSet row) throws SQLException {
        long ended = row.getLong(8);
        @Nullable Instant end = row.wasNull() ? null : Times.instant(ended);
        return new RunInfo(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                RunStatus.of(row.getString(4)),
                Lifecycle.of(row.getString(5)),
                row.getString(6),
                Times.instant(row.getLong(7)),
                end);
    }
}
