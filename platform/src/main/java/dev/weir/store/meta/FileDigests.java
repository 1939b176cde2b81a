package dev.weir.store.meta;

import dev.weir.base.digest.Digest;
import dev.weir.store.blob.Trees;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Remembers the digests of files, so that a large table that has not changed is not read at each
 * run.
 *
 * <p>A digest counts as long as the file's size, inode, and times of modification and of change are
 * those that it was read with. A file that has changed less than two seconds before it was read is
 * not remembered: it could change again without a new time (git calls such an entry racy).
 */
public final class FileDigests {
    private static final long RACY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Database database;
    private final Clock clock;

    public FileDigests(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What is remembered of a file, or of all files below a folder, loaded in one go. */
    public Memo under(Path fileOrFolder) {
        String path = absolute(fileOrFolder);
        Map<String, FileDigestDao.Row> known = new HashMap<>();
        database.read(tx -> new FileDigestDao(tx).under(path))
                .forEach(row -> known.put(row.path(), row));
        return new Memo(known);
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }

    /** Digests by memory, or else by reading; {@link #close} keeps what was learnt. */
    public final class Memo implements Trees.FileHasher, AutoCloseable {
        private final Map<String, FileDigestDao.Row> known;
        private final List<FileDigestDao.Row> learnt = new ArrayList<>();

        private Memo(Map<String, FileDigestDao.Row> known) {
            this.known = known;
        }

        /** The digest of the file's bytes. */
        @Override
        public Digest of(Path file) throws IOException {
            String path = absolute(file);
            Look before = Look.at(file);
            FileDigestDao.Row row = known.get(path);
            if (row != null && before.equals(Look.of(row))) {
                return new Digest(row.digest());
            }
            Instant start = clock.instant();
            Digest digest = Digest.ofFile(file);
            if (before.equals(Look.at(file)) && before.settledAt(start)) {
                FileDigestDao.Row fresh = before.row(path, digest, start);
                known.put(path, fresh);
                learnt.add(fresh);
            }
            return digest;
        }

        /** Keeps what was learnt for the next process. */
        @Override
        public void close() {
            if (!learnt.isEmpty()) {
                database.writing(tx -> new FileDigestDao(tx).put(learnt));
                learnt.clear();
            }
        }
    }

    /** What a file looks like from outside; a change of its bytes changes this. */
    private record Look(long sizeBytes, long mtimeNs, long ctimeNs, long inode) {
        static Look at(Path file) throws IOException {
            Map<String, Object> is =
                    Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino");
            return new Look(
                    (Long) value(is, "size"),
                    ((FileTime) value(is, "lastModifiedTime")).to(TimeUnit.NANOSECONDS),
                    ((FileTime) value(is, "ctime")).to(TimeUnit.NANOSECONDS),
                    (Long) value(is, "ino"));
        }

        private static Object value(Map<String, Object> is, String name) {
            return Objects.requireNonNull(is.get(name), name);
        }

        static Look of(FileDigestDao.Row row) {
            return new Look(row.sizeBytes(), row.mtimeNs(), row.ctimeNs(), row.inode());
        }

        boolean settledAt(Instant time) {
            long now = TimeUnit.MICROSECONDS.toNanos(Times.micros(time));
            return now - Math.max(mtimeNs, ctimeNs) > RACY_NANOS;
        }

        FileDigestDao.Row row(String path, Digest digest, Instant checked) {
            return new FileDigestDao.Row(
                    path, sizeBytes, mtimeNs, ctimeNs, inode, digest.hex(), Times.micros(checked));
        }
    }
}
