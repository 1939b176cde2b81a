package dev.weir.store.meta;

import dev.weir.base.problem.Problem;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

/**
 * Brings the tables to the version that this build knows. Flyway does the work, and is not even
 * loaded where there is none: it costs more than all else that a command does at its start.
 */
final class Migrations {
    private static final String FOLDER = "db/migration";
    private static final String HISTORY = "flyway_schema_history";

    private final List<String> files;

    private Migrations(List<String> files) {
        this.files = files;
    }

    /** Those that this build carries, by its index {@code db/migration/index}. */
    static Migrations ofThisBuild() {
        String index = "/" + FOLDER + "/index";
        try (InputStream in = Migrations.class.getResourceAsStream(index)) {
            if (in == null) {
                throw new IllegalStateException(index + ": not in this build");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Migrations(text.lines().filter(line -> !line.isBlank()).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** File names, as the index gives them. */
    List<String> files() {
        return files;
    }

    /** The newest version: the number after {@code V} in the name of the last file. */
    int newest() {
        return files.stream().mapToInt(Migrations::version).max().orElse(0);
    }

    private static int version(String file) {
        return Integer.parseInt(file.substring(1, file.indexOf("__")));
    }

    /**
     * Brings the database to {@link #newest()}. Several processes may do so at once.
     *
     * @param lockFile guards the migration where the database itself has no lock for it
     */
    void apply(
            Connection connection,
            DataSource source,
            Dialect dialect,
            String where,
            @Nullable Path lockFile)
            throws SQLException {
        if (current(connection, dialect, where)) {
            return;
        }
        if (lockFile == null) {
            migrate(source, dialect.placeholders(), where);
            return;
        }
        try (FileChannel channel =
                        FileChannel.open(
                                lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = locked(channel)) {
            if (lock.isValid() && !current(connection, dialect, where)) {
                migrate(source, dialect.placeholders(), where);
            }
        } catch (IOException e) {
            throw Problem.refused(
                            "database.read-only",
                            lockFile + ": cannot be written (" + e.getMessage() + ")")
                    .exception(e);
        }
    }

    /** A lock of a file holds between processes only; within one the second gets an exception. */
    private static FileLock locked(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                LockSupport.parkNanos(2_000_000);
            }
        }
    }

    private boolean current(Connection connection, Dialect dialect, String where)
            throws SQLException {
        int stored = stored(connection, dialect);
        if (stored > newest()) {
            throw Problem.refused(
                            "database.newer",
                            "%s: schema version %d (expected: at most %d, the newest that this Weir knows)"
                                    .formatted(where, stored, newest()))
                    .hint("A newer Weir has used this database: update this one.")
                    .exception();
        }
        return stored == newest();
    }

    private static int stored(Connection connection, Dialect dialect) throws SQLException {
        String exists =
                switch (dialect) {
                    case SQLITE ->
                            "select count(*) from sqlite_master where name = '" + HISTORY + "'";
                    case POSTGRESQL ->
                            "select count(*) from pg_tables where schemaname = current_schema()"
                                    + " and tablename = '"
                                    + HISTORY
                                    + "'";
                };
        String version =
                "select coalesce(max(cast(version as integer)), 0) from "
                        + HISTORY
                        + " where success";
        try (Statement statement = connection.createStatement()) {
            return number(statement, exists) == 0 ? 0 : number(statement, version);
        }
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void migrate(DataSource source, Map<String, String> placeholders, String where) {
        try {
            Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:" + FOLDER)
                    .table(HISTORY)
                    .placeholders(placeholders)
                    .validateMigrationNaming(true)
                    .failOnMissingLocations(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            if (String.valueOf(e.getMessage()).contains("non-empty schema")) {
                throw new Faults(where).foreign().exception(e);
            }
            throw new Faults(where).told(e);
        }
    }
}
