package dev.weir.ml.tracking;

import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows of experiments. */
final class ExperimentDao {
    private static final String COLUMNS =
            "select id, name, lifecycle, artifact_location, created_us, updated_us from experiment"
                    + " where workspace = ? and lifecycle <> 'purged'";

    private final Transaction tx;
    private final Handle handle;
    private final String workspace;

    ExperimentDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.handle = tx.handle();
        this.workspace = workspace;
    }

    /** One above the highest id ever given; deleted ones keep theirs. */
    String nextId() {
        return handle.select(
                        "select coalesce(max(cast(id as bigint)), 0) + 1 from experiment"
                                + " where workspace = ?",
                        workspace)
                .mapTo(Long.class)
                .one()
                .toString();
    }

    void insertIfMissing(String id, String name, String artifactLocation, Instant now) {
        handle.execute(
                """
                insert into experiment
                    (workspace, id, name, lifecycle, artifact_location, created_us, updated_us)
                values (?, ?, ?, 'active', ?, ?, ?) on conflict do nothing\
                """,
                workspace,
                id,
                name,
                artifactLocation,
                Times.micros(now),
                Times.micros(now));
    }

    void rename(String id, String name, Instant now) {
        set("name", id, name, now);
    }

    void lifecycle(String id, Lifecycle lifecycle, Instant now) {
        set("lifecycle", id, lifecycle.word(), now);
    }

    private void set(String column, String id, String value, Instant now) {
        handle.execute(
                "update experiment set "
                        + column
                        + " = ?, updated_us = ? where workspace = ? and id = ?",
                value,
                Times.micros(now),
                workspace,
                id);
    }

    void putTag(String id, String key, String value) {
        handle.execute(
                """
                insert into experiment_tag (workspace, experiment_id, key, value)
                values (?, ?, ?, ?)
                on conflict (workspace, experiment_id, key) do update set value = excluded.value\
                """,
                workspace,
                id,
                key,
                value);
    }

    /** Whether there was such a tag. */
    boolean deleteTag(String id, String key) {
        return handle.execute(
                        """
                        delete from experiment_tag
                        where workspace = ? and experiment_id = ? and key = ?\
                        """,
                        workspace,
                        id,
                        key)
                == 1;
    }

    SortedMap<String, String> tags(String id) {
        return handle.select(
                        """
                        select key, value from experiment_tag
                        where workspace = ? and experiment_id = ?\
                        """,
                        workspace,
                        id)
                .reduceResultSet(
                        new TreeMap<>(),
                        (found, row, context) -> {
                            found.put(row.getString(1), row.getString(2));
                            return found;
                        });
    }

    Optional<Experiment> named(String name) {
        return handle.select(COLUMNS + " and name = ?", workspace, name)
                .map((row, context) -> experiment(row))
                .findOne();
    }

    Optional<Experiment> ofId(String id) {
        return tx.first(COLUMNS + " and id = ?", ExperimentDao::experiment, workspace, id);
    }

    List<Experiment> all() {
        return handle.select(
                        COLUMNS + " order by created_us desc, cast(id as bigint) desc", workspace)
                .map((row, context) -> experiment(row))
                .list();
    }

    private static Experiment experiment(ResultSet row) throws SQLException {
        return new Experiment(
                row.getString(1),
                row.getString(2),
                Lifecycle.of(row.getString(3)),
                row.getString(4),
                Times.instant(row.getLong(5)),
                Times.instant(row.getLong(6)));
    }
}
