package dev.weir.store.meta;

import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.PreparedBatch;

import java.util.List;

/** SQL of the table {@code file_digest}. */
final class FileDigestDao {
    private final Transaction tx;

    FileDigestDao(Transaction tx) {
        this.tx = tx;
    }

    /** As the table has it; public, because Jdbi binds by public methods of public classes only. */
    public record Row(
            String path,
            long sizeBytes,
            long mtimeNs,
            long ctimeNs,
            long inode,
            String digest,
            long checkedUs) {}

    /** The row of a path, and those of paths below it. */
    List<Row> under(String path) {
        return tx.handle()
                .createQuery(
                        """
                        select path, size_bytes, mtime_ns, ctime_ns, inode, digest, checked_us
                        from file_digest
                        where path = :path or substr(path, 1, length(:below)) = :below
                        """)
                .bind("path", path)
                .bind("below", path.endsWith("/") ? path : path + "/")
                .map(ConstructorMapper.of(Row.class))
                .list();
    }

    void put(List<Row> rows) {
        try (PreparedBatch batch =
                tx.handle()
                        .prepareBatch(
                                """
                                insert into file_digest (path, size_bytes, mtime_ns, ctime_ns,
                                  inode, digest, checked_us)
                                values (:path, :sizeBytes, :mtimeNs, :ctimeNs, :inode, :digest,
                                  :checkedUs)
                                on conflict (path) do update set
                                  size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns,
                                  ctime_ns = excluded.ctime_ns, inode = excluded.inode,
                                  digest = excluded.digest, checked_us = excluded.checked_us
                                """)) {
            rows.forEach(row -> batch.bindMethods(row).add());
            batch.execute();
        }
    }
}
