package dev.weir.ml.tracking;

import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of experiments. */
final class ExperimentDao {
    private static final String COLUMNS =
            "select id, name, lifecycle, artifact_location, created_us, updated_us from experiment"
                    + " where workspace = ?";

    private final Handle handle;
    private final String workspace;

    ExperimentDao(Transaction tx, String workspace) {
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

    Optional<Experiment> named(String name) {
        return handle.select(COLUMNS + " and name = ?", workspace, name)
                .map(ExperimentDao::experiment)
                .findOne();
    }

    Optional<Experiment> ofId(String id) {
        return handle.select(COLUMNS + " and id = ?", workspace, id)
                .map(ExperimentDao::experiment)
                .findOne();
    }

    List<Experiment> all() {
        return handle.select(
                        COLUMNS + " order by created_us desc, cast(id as bigint) desc", workspace)
                .map(ExperimentDao::experiment)
                .list();
    }

    private static Experiment experiment(ResultSet row, StatementContext context)
            throws SQLException {
        return new Experiment(
                row.getString(1),
                row.getString(2),
                Lifecycle.of(row.getString(3)),
                row.getString(4),
                Times.instant(row.getLong(5)),
                Times.instant(row.getLong(6)));
    }
}
