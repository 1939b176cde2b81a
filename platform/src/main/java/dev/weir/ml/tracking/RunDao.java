package dev.weir.ml.tracking;

import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of runs, with their parameters and tags. */
final class RunDao {
    private static final String COLUMNS =
            """
            select id, experiment_id, name, status, lifecycle, user_name, started_us, ended_us
            from run where workspace = ?\
            """;

    private final Handle handle;
    private final String workspace;

    RunDao(Transaction tx, String workspace) {
        this.handle = tx.handle();
        this.workspace = workspace;
    }

    /** Whether the id was free, and the run is there now. */
    boolean insert(RunInfo run) {
        return handle.execute(
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
        handle.execute(
                "update run set status = ?, ended_us = ? where workspace = ? and id = ?",
                status.word(),
                ended == null ? null : Times.micros(ended),
                workspace,
                id);
    }

    void rename(String id, String name) {
        handle.execute(
                "update run set name = ? where workspace = ? and id = ?", name, workspace, id);
    }

    Optional<RunInfo> ofId(String id) {
        return handle.select(COLUMNS + " and id = ?", workspace, id).map(RunDao::info).findOne();
    }

    List<RunInfo> newest(String experimentId, int limit) {
        return handle.select(
                        COLUMNS
                                + " and experiment_id = ? and lifecycle = 'active'"
                                + " order by started_us desc, id limit ?",
                        workspace,
                        experimentId,
                        limit)
                .map(RunDao::info)
                .list();
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

    private void put(String sql, String runId, Map<String, String> values) {
        if (values.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch(sql)) {
            values.forEach((key, value) -> batch.add(runId, key, value));
            batch.execute();
        }
    }

    /** By run and key. */
    Map<String, Map<String, String>> params(List<String> runIds) {
        return values("select run_id, key, value from param where run_id in (<ids>)", runIds);
    }

    /** By run and key. */
    Map<String, Map<String, String>> tags(List<String> runIds) {
        return values("select run_id, key, value from run_tag where run_id in (<ids>)", runIds);
    }

    private Map<String, Map<String, String>> values(String sql, List<String> runIds) {
        return handle.createQuery(sql)
                .bindList("ids", runIds)
                .reduceResultSet(
                        new HashMap<>(),
                        (found, row, context) -> {
                            found.computeIfAbsent(row.getString(1), id -> new HashMap<>())
                                    .put(row.getString(2), row.getString(3));
                            return found;
                        });
    }

    private static RunInfo info(ResultSet row, StatementContext context) throws SQLException {
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
