package dev.weir.store.meta;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * One open connection with its handle, used by one transaction at a time. Transactions are spoken
 * in SQL ({@code begin …}), because the driver of SQLite cannot be told by JDBC when to take the
 * write lock.
 */
final class Session {
    private final Connection connection;
    private final StatementCache statements;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private @Nullable Handle handle;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;

    Session(Connection connection, String begin) throws SQLException {
        this.connection = connection;
        this.statements = new StatementCache();
        try {
            this.begin = connection.prepareStatement(begin);
            this.commit = connection.prepareStatement("commit");
            this.rollback = connection.prepareStatement("rollback");
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Made when it is first asked for: Jdbi takes as long to begin as a small command does. */
    Handle handle() {
        Handle made = handle;
        if (made == null) {
            Jdbi jdbi = Jdbi.create(connection);
            jdbi.setStatementBuilderFactory(c -> statements);
            made = jdbi.open();
            handle = made;
        }
        return made;
    }

    Connection connection() {
        return connection;
    }

    PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement kept = prepared.get(sql);
        if (kept == null) {
            kept = connection.prepareStatement(sql);
            prepared.put(sql, kept);
        }
        return kept;
    }

    void begin() throws SQLException {
        begin.execute();
    }

    /** Also ends what the work left open: a result set that stays open would keep its snapshot. */
    void commit() throws SQLException {
        statements.reclaim();
        commit.execute();
    }

    void rollback() throws SQLException {
        statements.reclaim();
        rollback.execute();
    }

    void close() throws SQLException {
        try (connection) {
            statements.close();
            for (PreparedStatement statement : prepared.values()) {
                statement.close();
            }
            begin.close();
            commit.close();
            rollback.close();
        }
    }
}
