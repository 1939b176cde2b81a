package dev.weir.store.meta;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One transaction of a {@link Database}, valid while the function that was given it runs, and on
 * the thread that runs it. Services pass it on; only {@code *Dao} classes look inside.
 */
public final class Transaction {
    private final Session session;
    private final Dialect dialect;
    private final boolean writing;
    private boolean open = true;

    Transaction(Session session, Dialect dialect, boolean writing) {
        this.session = session;
        this.dialect = dialect;
        this.writing = writing;
    }

    /**
     * The way to SQL, for {@code *Dao} classes. It is used again by later transactions: close
     * streams and iterators that it gives, and change no setting of it.
     *
     * @throws IllegalStateException after the transaction has ended
     */
    public Handle handle() {
        return open().handle();
    }

    /** What a row is to a Dao. */
    public interface Row<T> {
        /** Reads the row that the result stands at, and moves it nowhere. */
        T of(ResultSet row) throws SQLException;
    }

    /**
     * The rows of a query, in their order. This and its neighbours run statements that stay
     * prepared on their connection, without Jdbi: for what is asked at every start or written for
     * every step, where what Jdbi does to begin, and for each use, counts.
     *
     * @param sql one of few constant texts, with {@code ?} for each value
     * @param values texts, numbers, bytes or null
     */
    public <T> List<T> all(String sql, Row<T> row, @Nullable Object... values) {
        List<T> all = new ArrayList<>();
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            while (rows.next()) {
                all.add(row.of(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Takes rows one by one. */
    public interface Taker {
        /** Reads the row that the result stands at, and moves it nowhere. */
        void take(ResultSet row) throws SQLException;
    }

    /** Gives each row of a query to {@code taker}; otherwise as {@link #all}. */
    public void each(String sql, Taker taker, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            while (rows.next()) {
                taker.take(rows);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first row of a query, if it has one; otherwise as {@link #all}. */
    public <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            return rows.next() ? Optional.of(row.of(rows)) : Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /**
     * Changes rows, by a statement as in {@link #all}.
     *
     * @return how many rows
     */
    public int update(String sql, @Nullable Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /**
     * Changes rows, once for each list of values, by a statement as in {@link #all}; much cheaper
     * than one call for each where the database is a server.
     */
    public void updateEach(String sql, List<@Nullable Object[]> each) {
        if (each.size() == 1) {
            update(sql, each.getFirst());
            return;
        }
        try {
            PreparedStatement statement = open().prepared(sql);
            for (@Nullable Object[] values : each) {
                bind(statement, values);
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** As {@link #each}, for a text that was made for this one use: its statement is not kept. */
    public void eachOnce(String sql, Taker taker, List<@Nullable Object> values) {
        try (PreparedStatement statement = open().connection().prepareStatement(sql)) {
            bind(statement, values.toArray());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    taker.take(rows);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = open().prepared(sql);
        bind(statement, values);
        return statement;
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value == null) {
                statement.setNull(i + 1, Types.VARCHAR);
            } else if (value instanceof String text) {
                statement.setString(i + 1, text);
            } else if (value instanceof Double number) {
                statement.setDouble(i + 1, number);
            } else if (value instanceof Number number) {
                statement.setLong(i + 1, number.longValue());
            } else if (value instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else {
                throw new IllegalArgumentException("SQL value: " + value.getClass());
            }
        }
    }

    private Session open() {
        if (!open) {
            throw new IllegalStateException("transaction: ended (expected: still running)");
        }
        return session;
    }

    /** Which database it runs on. */
    public Dialect dialect() {
        return dialect;
    }

    /** Whether this transaction may change anything. */
    public boolean writing() {
        return writing;
    }

    void end() {
        open = false;
    }
}
