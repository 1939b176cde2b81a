package dev.weir.store.meta;

import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The prepared statements of one connection, kept for their next use: preparing costs more than
 * running where the statement is small. The least recently used give way.
 */
final class StatementCache implements StatementBuilder {
    private static final int MOST = 128;

    private final DefaultStatementBuilder plain = new DefaultStatementBuilder();
    private final LinkedHashMap<String, PreparedStatement> idle = new LinkedHashMap<>();
    private final Map<Statement, String> lent = new IdentityHashMap<>();

    @Override
    public Statement create(Connection connection, StatementContext context) throws SQLException {
        return plain.create(connection, context);
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context)
            throws SQLException {
        if (context.isReturningGeneratedKeys() || context.isConcurrentUpdatable()) {
            return plain.create(connection, sql, context);
        }
        PreparedStatement kept = idle.remove(sql);
        PreparedStatement statement = kept == null ? plain.create(connection, sql, context) : kept;
        lent.put(statement, sql);
        return statement;
    }

    @Override
    public CallableStatement createCall(Connection connection, String sql, StatementContext context)
            throws SQLException {
        return plain.createCall(connection, sql, context);
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        String known = lent.remove(statement);
        if (known == null || statement.isClosed() || idle.containsKey(known)) {
            plain.close(connection, sql, statement);
            return;
        }
        PreparedStatement prepared = (PreparedStatement) statement;
        prepared.clearParameters();
        prepared.clearBatch();
        idle.putLast(known, prepared);
        if (idle.size() > MOST) {
            idle.pollFirstEntry().getValue().close();
        }
    }

    /** Closes what was lent and not brought back. */
    void reclaim() throws SQLException {
        if (!lent.isEmpty()) {
            for (Statement statement : new ArrayList<>(lent.keySet())) {
                statement.close();
            }
            lent.clear();
        }
    }

    void close() throws SQLException {
        reclaim();
        for (PreparedStatement statement : idle.values()) {
            statement.close();
        }
        idle.clear();
    }
}
