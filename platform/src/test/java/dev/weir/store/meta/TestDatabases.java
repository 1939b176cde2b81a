package dev.weir.store.meta;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Databases for tests, on SQLite and on a real PostgreSQL that is started once for each test JVM.
 *
 * <pre>{@code
 * @ParameterizedTest
 * @EnumSource(Dialect.class)
 * void keepsWhatWasInserted(Dialect dialect) {
 *     try (Database database = TestDatabases.fresh(dialect)) { … }
 * }
 * }</pre>
 */
public final class TestDatabases {
    private static final Path HOME = Path.of("target", "databases").toAbsolutePath();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestDatabases() {}

    /** A new database with all tables, and nothing in them. The test closes it. */
    public static Database fresh(Dialect dialect) {
        return Database.open(freshUrl(dialect));
    }

    /** The address of a new database with all tables, for tests that open it more than once. */
    public static String freshUrl(Dialect dialect) {
        return switch (dialect) {
            case SQLITE -> {
                Path file = newFile();
                copy(Sqlite.TEMPLATE, file);
                yield "jdbc:sqlite:" + file;
            }
            case POSTGRESQL -> Postgres.running().database("template weir_template");
        };
    }

    /** The address of a new database without any table: opening it runs the migrations. */
    public static String emptyUrl(Dialect dialect) {
        return switch (dialect) {
            case SQLITE -> "jdbc:sqlite:" + newFile();
            case POSTGRESQL -> Postgres.running().database("template template0");
        };
    }

    private static Path newFile() {
        Path file =
                HOME.resolve(
                        "test-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
        try {
            Files.createDirectories(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(file)));
        return file.resolve("weir.db");
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Migrated once; copied for each test. */
    private static final class Sqlite {
        static final Path TEMPLATE = template();

        private static Path template() {
            Path file = newFile();
            Database.open("jdbc:sqlite:" + file).close();
            return file;
        }
    }

    /** The server of this JVM. */
    private static final class Postgres {
        private static final Postgres ONLY = new Postgres();

        private @Nullable EmbeddedPostgres server;
        private String whyNot = "";

        private Postgres() {
            Path servers = HOME.resolve("postgres");
            Path data = servers.resolve(Long.toString(ProcessHandle.current().pid()));
            try {
                Files.createDirectories(servers);
                stopLeftovers(servers);
                EmbeddedPostgres started =
                        EmbeddedPostgres.builder()
                                .setOverrideWorkingDirectory(HOME.resolve("programs").toFile())
                                .setDataDirectory(data)
                                .setServerConfig("max_connections", "100")
                                .start();
                server = started;
                execute("create database weir_template template template0");
                Database.open(url("weir_template")).close();
            } catch (IOException | IllegalStateException e) {
                whyNot = e.toString();
            }
        }

        static Postgres running() {
            assumeThat(ONLY.server)
                    .as("skipped: PostgreSQL does not start here: %s", ONLY.whyNot)
                    .isNotNull();
            return ONLY;
        }

        String database(String template) {
            String name = "test_" + COUNT.incrementAndGet();
            execute("create database " + name + " " + template);
            return url(name);
        }

        private String url(String name) {
            return started().getJdbcUrl("postgres", name);
        }

        private void execute(String sql) {
            try (Connection connection = started().getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }

        private EmbeddedPostgres started() {
            return Optional.ofNullable(server).orElseThrow();
        }

        /** A test JVM that was killed leaves its server running: its folder bears the JVM's id. */
        private static void stopLeftovers(Path servers) throws IOException {
            try (Stream<Path> folders = Files.list(servers)) {
                for (Path folder : folders.toList()) {
                    long jvm = Long.parseLong(folder.getFileName().toString());
                    if (ProcessHandle.of(jvm).isEmpty()) {
                        stop(folder.resolve("postmaster.pid"));
                        delete(folder);
                    }
                }
            }
        }

        private static void stop(Path pidFile) throws IOException {
            if (!Files.exists(pidFile)) {
                return;
            }
            List<String> lines = Files.readAllLines(pidFile);
            Optional<ProcessHandle> server =
                    ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                            .filter(p -> p.info().command().orElse("").endsWith("postgres"));
            if (server.isPresent()) {
                server.get().destroy();
                server.get().onExit().orTimeout(20, TimeUnit.SECONDS).join();
            }
        }
    }
}
