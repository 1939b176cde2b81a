package dev.weir.stage.deploy.rollout;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.JsonTree;
import dev.weir.stage.deploy.rollout.plan.Deployment;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of endpoints. */
final class EndpointDao {
    private static final String COLUMNS =
            """
            select name, model, primary_version, warm_version, deployment, revision, created_us,
                updated_us
            from endpoint where workspace = ?\
            """;

    private final Transaction tx;
    private final String workspace;

    EndpointDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.workspace = workspace;
    }

    /** Makes an endpoint without a version. */
    void insert(String name, String model, Deployment deployment, Instant now) {
        tx.update(
                """
                insert into endpoint
                    (workspace, name, model, deployment, revision, created_us, updated_us)
                values (?, ?, ?, ?, ?, ?, ?)\
                """,
                workspace,
                name,
                model,
                CanonicalJson.text(deployment.json()),
                revision() + 1,
                Times.micros(now),
                Times.micros(now));
    }

    /** Changes what an endpoint answers with, and how. */
    void update(Endpoint endpoint, Instant now) {
        tx.update(
                """
                update endpoint set primary_version = cast(? as bigint),
                    warm_version = cast(? as bigint), deployment = ?, revision = ?, updated_us = ?
                where workspace = ? and name = ?\
                """,
                endpoint.primary(),
                endpoint.warm(),
                CanonicalJson.text(endpoint.deployment().json()),
                revision() + 1,
                Times.micros(now),
                workspace,
                endpoint.name());
    }

    /** Tells servers that the routes of an endpoint are others now. */
    void touch(String name, Instant now) {
        tx.update(
                """
                update endpoint set revision = ?, updated_us = ?
                where workspace = ? and name = ?\
                """,
                revision() + 1,
                Times.micros(now),
                workspace,
                name);
    }

    /** That of the last change of any route; 0 where there was none. */
    long revision() {
        return tx.first(
                        "select coalesce(max(revision), 0) from endpoint where workspace = ?",
                        row -> row.getLong(1),
                        workspace)
                .orElse(0L);
    }

    Optional<Endpoint> named(String name) {
        return tx.first(COLUMNS + " and name = ?", EndpointDao::endpoint, workspace, name);
    }

    Optional<Endpoint> ofModel(String model) {
        return tx.first(COLUMNS + " and model = ?", EndpointDao::endpoint, workspace, model);
    }

    /** By name. */
    List<Endpoint> all() {
        return tx.all(COLUMNS + " order by name", EndpointDao::endpoint, workspace);
    }

    private static Endpoint endpoint(ResultSet row) throws SQLException {
        return new Endpoint(
                row.getString(1),
                row.getString(2),
                number(row, 3),
                number(row, 4),
                Deployment.fromJson(JsonTree.read(row.getString(5))),
                row.getLong(6),
                Times.instant(row.getLong(7)),
                Times.instant(row.getLong(8)));
    }

    static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : Long.valueOf(number);
    }
}
