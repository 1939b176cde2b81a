package dev.weir.store.meta;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteException;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

import javax.sql.DataSource;

/**
 * The tables of one home. Any number of threads use one instance, and any number of processes one
 * database.
 *
 * <p>On SQLite writers take turns, from the beginning of their transaction to its end, and readers
 * see the state of the last commit without waiting. On PostgreSQL writers are serializable. On both
 * a transaction therefore behaves as if it were alone.
 */
public final class Database implements AutoCloseable {
    private static final int READERS = 16;
    private static final int BUSY_MILLIS = 30_000;
    private static final int MOST_ATTEMPTS = 50;

    /** The transaction that this thread is in. */
    private final ScopedValue<Transaction> current = ScopedValue.newInstance();

    private final String url;
    private final Dialect dialect;
    private final Faults faults;
    private final Sessions readers;
    private final Sessions writers;

    /** What others find in the tables only after it was carried into them. */
    private @Nullable Intake intake;

    private Database(
            String url, Dialect dialect, Faults faults, Sessions readers, Sessions writers) {
        this.url = url;
        this.dialect = dialect;
        this.faults = faults;
        this.readers = readers;
        this.writers = writers;
    }

    /**
     * Opens a database, and brings its tables to the version of this build.
     *
     * @param url {@code jdbc:sqlite:/home/anna/income/.weir/weir.db}, made where there is none, or
     *     {@code jdbc:postgresql://host/name?user=…}
     * @throws dev.weir.base.problem.ProblemException where it cannot be opened, is no database of
     *     Weir, or is one of a newer Weir ({@code database.newer})
     */
    public static Database open(String url) {
        if (url.startsWith("jdbc:sqlite:")) {
            return openSqlite(url);
        }
        if (url.startsWith("jdbc:postgresql:")) {
            return openPostgres(url);
        }
        throw Problem.input(
                        "database.url",
                        "database: "
                                + url.replaceAll("[?].*", "")
                                + " (expected: jdbc:sqlite:FILE or jdbc:postgresql://HOST/NAME)")
                .exception();
    }

    /**
     * Opens a database that has an {@link Intake}, where it is one on SQLite; on PostgreSQL it has
     * none.
     */
    public static Database open(String url, Intake.Carrier carrier) {
        Database database = open(url);
        if (database.dialect == Dialect.SQLITE) {
            Path file = Path.of(url.substring("jdbc:sqlite:".length()) + ".intake");
            try {
                database.intake = Intake.open(file, database, carrier);
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        }
        return database;
    }

    private static Database openSqlite(String url) {
        String file = url.substring("jdbc:sqlite:".length());
        if (file.isEmpty() || file.startsWith(":") || file.startsWith("file:")) {
            throw Problem.input("database.url", "database: " + url + " (expected: a file's path)")
                    .exception();
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.enforceForeignKeys(true);
        config.setGetGeneratedKeys(false);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl(url);
        return open(url, Dialect.SQLITE, source, file, Path.of(file + ".migrating"));
    }

    private static Database openPostgres(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setApplicationName("weir");
        String where = url.replaceAll("[?].*", "").replaceAll("//[^/@]*@", "//");
        return open(url, Dialect.POSTGRESQL, source, where, null);
    }

    private static Database open(
            String url, Dialect dialect, DataSource source, String where, @Nullable Path lockFile) {
        Faults faults = new Faults(where);
        try {
            Connection first = connected(source);
            try {
                Migrations.ofThisBuild().apply(first, source, dialect, where, lockFile);
            } finally {
                first.close();
            }
        } catch (SQLException e) {
            throw faults.told(e);
        } catch (RuntimeException e) {
            throw faults.told(e);
        }
        return new Database(
                url,
                dialect,
                faults,
                new Sessions(READERS, () -> reader(source, dialect)),
                new Sessions(
                        dialect.writers(),
                        () -> new Session(connected(source), dialect.beginWrite())));
    }

    private static Session reader(DataSource source, Dialect dialect) throws SQLException {
        Connection connection = connected(source);
        if (dialect == Dialect.SQLITE) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma query_only = 1");
            }
        }
        return new Session(connection, dialect.beginRead());
    }

    /** The first that open a new SQLite file at once meet when they switch it to WAL. */
    private static Connection connected(DataSource source) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return source.getConnection();
            } catch (SQLException e) {
                boolean busy =
                        e instanceof SQLiteException s && (s.getResultCode().code & 0xff) == 5;
                if (!busy || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    /** Which database it is. */
    public Dialect dialect() {
        return dialect;
    }

    /** The version of its tables: since it is open, the newest that this build knows. */
    public int schemaVersion() {
        return Migrations.ofThisBuild().newest();
    }

    /** The address that it was opened with; it may hold a password. */
    public String url() {
        return url;
    }

    /**
     * Runs work on one consistent snapshot; a statement that changes anything fails. Within another
     * transaction of this thread, it is part of that one.
     */
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        if (current.isBound()) {
            return work.apply(current.get());
        }
        Intake waiting = intake;
        if (waiting != null && waiting.waits()) {
            waiting.carryAll();
        }
        return readAsTheyAre(work);
    }

    <T extends @Nullable Object> T readAsTheyAre(Function<Transaction, T> work) {
        return retried(readers, work, false);
    }

    <T extends @Nullable Object> T writeAsTheyAre(Function<Transaction, T> work) {
        return retried(writers, work, true);
    }

    /** Where small writes are durable before they are in the tables, if it was opened with one. */
    public Optional<Intake> intake() {
        return Optional.ofNullable(intake);
    }

    /** Whether this thread is in a transaction. */
    boolean inTransaction() {
        return current.isBound();
    }

    /**
     * Runs work in one transaction, which is durable when this returns; whatever the work throws
     * rolls it back. On PostgreSQL the work is run again from its beginning where it met another
     * writer, so it does nothing but read and write through its transaction.
     *
     * @throws IllegalStateException within another transaction of this thread: pass that one on
     */
    public <T extends @Nullable Object> T write(Function<Transaction, T> work) {
        if (current.isBound()) {
            throw new IllegalStateException(
                    "write: within another transaction (expected: that the transaction is passed"
                            + " on)");
        }
        Intake waiting = intake;
        if (waiting == null) {
            return writeAsTheyAre(work);
        }
        T outcome =
                waiting.waits() ? waiting.before(work, this::writeAsTheyAre) : writeAsTheyAre(work);
        waiting.written();
        return outcome;
    }

    /** What an error of work within a transaction is to a person. */
    RuntimeException told(RuntimeException error) {
        return faults.told(error);
    }

    /** As {@link #write}, for work without a result. */
    public void writing(Consumer<Transaction> work) {
        this.<Boolean>write(
                tx -> {
                    work.accept(tx);
                    return true;
                });
    }

    private <T extends @Nullable Object> T retried(
            Sessions sessions, Function<Transaction, T> work, boolean writing) {
        for (int attempt = 1; ; attempt++) {
            Attempt<T> tried = new Attempt<>(sessions, writing);
            try {
                return tried.run(work);
            } catch (SQLException | RuntimeException e) {
                if (!writing && Faults.writeRefused(e)) {
                    throw new IllegalStateException(
                            "read: the work changes something (expected: Database.write)", e);
                }
                boolean again =
                        Faults.passing(e) || (Faults.broken(e) && !tried.committing && attempt < 3);
                if (!again || attempt == MOST_ATTEMPTS) {
                    throw e instanceof RuntimeException r
                            ? faults.told(r)
                            : faults.told((SQLException) e);
                }
            }
            pause(attempt);
        }
    }

    /** Longer from attempt to attempt, and never the same for two that met. */
    private static void pause(int attempt) {
        long most = Math.min(50_000_000L, 500_000L << Math.min(attempt, 10));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most / 4, most));
    }

    /** One try of one transaction. */
    private final class Attempt<T extends @Nullable Object> {
        private final Sessions sessions;
        private final boolean writing;

        /** From here on, a failure does not tell whether the work was kept. */
        private boolean committing;

        Attempt(Sessions sessions, boolean writing) {
            this.sessions = sessions;
            this.writing = writing;
        }

        T run(Function<Transaction, T> work) throws SQLException {
            Session session = sessions.take();
            boolean sound = false;
            try {
                session.begin();
                Transaction tx = new Transaction(session, dialect, writing);
                T result;
                try {
                    result = ScopedValue.where(current, tx).call(() -> work.apply(tx));
                } finally {
                    tx.end();
                }
                committing = writing;
                session.commit();
                sound = true;
                return result;
            } catch (Throwable e) {
                sound = rolledBack(session, e);
                throw e;
            } finally {
                sessions.giveBack(session, sound);
            }
        }

        private boolean rolledBack(Session session, Throwable because) throws SQLException {
            if (Faults.broken(because)) {
                sessions.drain();
                return false;
            }
            try {
                session.rollback();
                return true;
            } catch (SQLException e) {
                because.addSuppressed(e);
                return false;
            }
        }
    }

    /** Closes all connections; one that is in use is closed when its work ends. */
    @Override
    public void close() {
        try {
            if (intake != null) {
                intake.close();
            }
            readers.close();
            writers.close();
        } catch (SQLException e) {
            throw faults.told(e);
        }
    }
}
