package dev.weir.ml.data;

import dev.weir.base.problem.Problem;

import org.duckdb.DuckDBConnection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * What DuckDB may use. Every service of this room and of those below opens an engine of its own for
 * each call and closes it again; nothing is shared, nothing stays open, and no extension is ever
 * loaded from elsewhere.
 *
 * @param scratch a folder for what does not fit into memory; made where it is missing
 * @param threads threads of the engine, at least 1; no result depends on it
 * @param memoryBytes the most memory that the engine takes
 */
public record DuckDb(Path scratch, int threads, long memoryBytes) {
    /** Leaves room below 2 GiB for the JVM beside it. */
    public static final long USUAL_MEMORY_BYTES = 1280L << 20;

    public DuckDb {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: at least 1)");
        }
    }

    /** With the usual memory. */
    public DuckDb(Path scratch, int threads) {
        this(scratch, threads, USUAL_MEMORY_BYTES);
    }

    /** The same on one thread: for results that depend on the order of floating-point sums. */
    public DuckDb single() {
        return new DuckDb(scratch, 1, memoryBytes);
    }

    /** The same with a share of the memory, for several engines side by side. */
    public DuckDb share(int engines) {
        return new DuckDb(scratch, 1, memoryBytes / engines);
    }

    /** Opens an engine with nothing in it; whoever opens it closes it. */
    public Session open() {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("threads", String.valueOf(threads));
        settings.setProperty("memory_limit", (memoryBytes >> 20) + "MiB");
        settings.setProperty("temp_directory", scratch.toAbsolutePath().toString());
        settings.setProperty("preserve_insertion_order", "true");
        try {
            Files.createDirectories(scratch);
            return new Session(
                    DriverManager.getConnection("jdbc:duckdb:", settings)
                            .unwrap(DuckDBConnection.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** A failure of the engine that no check foresaw: out of memory, a full disk. */
    public static RuntimeException failed(SQLException cause) {
        return Problem.step("table.engine", "DuckDB: " + firstLine(cause)).exception(cause);
    }

    /** The first line of what the engine says: the rest is its own code and pointers into it. */
    public static String firstLine(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end)).strip();
    }

    /** A name as SQL writes it. */
    public static String name(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A text as SQL writes it. */
    public static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** The rows of a Parquet file, with {@code file_row_number} where {@code numbered}. */
    public static String parquet(Path file, boolean numbered) {
        return "read_parquet("
                + text(file.toAbsolutePath().toString().replace("[", "[[]"))
                + (numbered ? ", file_row_number = true)" : ")");
    }

    /** Reads one row of a result. */
    public interface RowReader {
        /** Reads the row that the result stands at, and does not move it. */
        void read(ResultSet row) throws SQLException;
    }

    /** An engine with its one connection. */
    public record Session(DuckDBConnection connection) implements AutoCloseable {
        /** Carries out a statement. */
        public void run(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        /** Hands over the rows of an answer, one by one, in its order. */
        public void each(String sql, RowReader reader) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }

        /** One whole number. */
        public long count(String sql) throws SQLException {
            long[] value = new long[1];
            each(sql, row -> value[0] = row.getLong(1));
            return value[0];
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw failed(e);
            }
        }
    }
}
