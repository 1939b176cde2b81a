package dev.weir.ml.tracking;

import dev.weir.base.digest.Digest;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of the files that clients keep. */
final class ArtifactDao {
    private static final String BELOW = " and path > ? and path < ?";

    private final Transaction tx;
    private final String workspace;

    ArtifactDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.workspace = workspace;
    }

    void put(ArtifactFile file, Instant now) {
        tx.update(
                """
                insert into artifact (workspace, path, digest, size_bytes, updated_us)
                values (?, ?, ?, ?, ?)
                on conflict (workspace, path) do update set digest = excluded.digest,
                    size_bytes = excluded.size_bytes, updated_us = excluded.updated_us\
                """,
                workspace,
                file.path().text(),
                file.digest().hex(),
                file.sizeBytes(),
                Times.micros(now));
    }

    Optional<ArtifactFile> find(ArtifactPath path) {
        return tx.first(
                "select path, digest, size_bytes from artifact where workspace = ? and path = ?",
                ArtifactDao::file,
                workspace,
                path.text());
    }

    /** Whether something is in the folder of this path. */
    boolean hasBelow(ArtifactPath folder) {
        return tx.first(
                        "select 1 from artifact where workspace = ?" + BELOW + " limit 1",
                        row -> row.getInt(1),
                        workspace,
                        first(folder),
                        last(folder))
                .isPresent();
    }

    /** All files in a folder and in those below it, by path. */
    List<ArtifactFile> below(ArtifactPath folder) {
        return tx.all(
                "select path, digest, size_bytes from artifact where workspace = ?"
                        + BELOW
                        + " order by path",
                ArtifactDao::file,
                workspace,
                first(folder),
                last(folder));
    }

    int delete(ArtifactPath path) {
        return tx.update(
                "delete from artifact where workspace = ? and (path = ? or path > ? and path < ?)",
                workspace,
                path.text(),
                first(path),
                last(path));
    }

    /** What is below a folder begins with its name and a slash; the character after that is 0. */
    private static String first(ArtifactPath folder) {
        return folder.text().isEmpty() ? "" : folder.text() + "/";
    }

    private static String last(ArtifactPath folder) {
        return folder.text().isEmpty() ? "\uffff" : folder.text() + "0";
    }

    static List<Digest> everywhere(Transaction tx) {
        return tx.all("select distinct digest from artifact", row -> new Digest(row.getString(1)));
    }

    private static ArtifactFile file(ResultSet row) throws SQLException {
        return new ArtifactFile(
                new ArtifactPath(row.getString(1)), new Digest(row.getString(2)), row.getLong(3));
    }
}
