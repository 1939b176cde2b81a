package dev.weir.ml.data;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.base.digest.JsonTree;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of datasets and their versions. */
final class DatasetDao {
    private static final String COLUMNS =
            """
            select name, number, digest, schema, profile_digest, baseline_digest, row_count,
                source, run_id, created_us
            from dataset_version\
            """;
    private static final String OF_WORKSPACE = COLUMNS + " where workspace = ?";

    private final Handle handle;
    private final String workspace;

    DatasetDao(Transaction tx, String workspace) {
        this.handle = tx.handle();
        this.workspace = workspace;
    }

    /** The next number of a dataset, made where there is none; never given again. */
    long nextNumber(String name, Instant now) {
        return handle.select(
                        """
                        insert into dataset (workspace, name, last_number, created_us, updated_us)
                        values (?, ?, 1, ?, ?)
                        on conflict (workspace, name) do update set
                            last_number = dataset.last_number + 1,
                            updated_us = excluded.updated_us
                        returning last_number\
                        """,
                        workspace,
                        name,
                        Times.micros(now),
                        Times.micros(now))
                .mapTo(Long.class)
                .one();
    }

    void insert(long number, DatasetCandidate candidate, Instant now) {
        handle.execute(
                """
                insert into dataset_version
                    (workspace, name, number, digest, schema, profile_digest, baseline_digest,
                     row_count, source, run_id, created_us)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                workspace,
                candidate.name(),
                number,
                candidate.digest().hex(),
                CanonicalJson.text(candidate.schema()),
                candidate.profile().hex(),
                hex(candidate.baseline()),
                candidate.rows(),
                candidate.source(),
                candidate.runId(),
                Times.micros(now));
    }

    /** Whether it was not the accepted version before. */
    boolean accept(String name, long number, Instant now) {
        return handle.execute(
                        """
                        update dataset set accepted = ?, updated_us = ?
                        where workspace = ? and name = ? and accepted is distinct from ?\
                        """,
                        number,
                        Times.micros(now),
                        workspace,
                        name,
                        number)
                == 1;
    }

    Optional<DatasetVersion> accepted(String name) {
        return handle.select(
                        OF_WORKSPACE
                                + """
                                 and name = ? and number =
                                    (select accepted from dataset where workspace = ? and name = ?)
                                """,
                        workspace,
                        name,
                        workspace,
                        name)
                .map(DatasetDao::version)
                .findOne();
    }

    Optional<DatasetVersion> ofNumber(String name, long number) {
        return handle.select(OF_WORKSPACE + " and name = ? and number = ?", workspace, name, number)
                .map(DatasetDao::version)
                .findOne();
    }

    Optional<DatasetVersion> ofDigest(String name, Digest digest) {
        return handle.select(
                        OF_WORKSPACE + " and name = ? and digest = ?",
                        workspace,
                        name,
                        digest.hex())
                .map(DatasetDao::version)
                .findOne();
    }

    List<DatasetVersion> ofDigest(Digest digest) {
        return handle.select(
                        OF_WORKSPACE + " and digest = ? order by name", workspace, digest.hex())
                .map(DatasetDao::version)
                .list();
    }

    List<DatasetVersion> versions(String name) {
        return handle.select(OF_WORKSPACE + " and name = ? order by number desc", workspace, name)
                .map(DatasetDao::version)
                .list();
    }

    /** Those of all workspaces. */
    List<DatasetVersion> everywhere() {
        return handle.select(COLUMNS).map(DatasetDao::version).list();
    }

    List<Dataset> all() {
        return handle.select(
                        """
                        select name, last_number, accepted, created_us from dataset
                        where workspace = ? order by name\
                        """,
                        workspace)
                .map((row, context) -> dataset(row))
                .list();
    }

    private static Dataset dataset(ResultSet row) throws SQLException {
        long number = row.getLong(3);
        @Nullable Long accepted = row.wasNull() ? null : number;
        return new Dataset(
                row.getString(1), row.getLong(2), accepted, Times.instant(row.getLong(4)));
    }

    private static @Nullable String hex(@Nullable Digest digest) {
        return digest == null ? null : digest.hex();
    }

    private static DatasetVersion version(ResultSet row, StatementContext context)
            throws SQLException {
        String baseline = row.getString(6);
        return new DatasetVersion(
                row.getString(1),
                row.getLong(2),
                new Digest(row.getString(3)),
                JsonTree.read(row.getString(4)),
                new Digest(row.getString(5)),
                baseline == null ? null : new Digest(baseline),
                row.getLong(7),
                row.getString(8),
                row.getString(9),
                Times.instant(row.getLong(10)));
    }
}
