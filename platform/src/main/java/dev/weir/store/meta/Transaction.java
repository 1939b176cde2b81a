package dev.weir.store.meta;

import org.jdbi.v3.core.Handle;

import java.sql.PreparedStatement;
import java.sql.SQLException;

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

    /**
     * The statement of this text, prepared once for its connection: for SQL that runs so often that
     * what Jdbi does for each use counts. The caller sets every parameter, closes the result set,
     * and leaves the statement open.
     *
     * @param sql one of few constant texts, with {@code ?} for parameters
     */
    public PreparedStatement prepared(String sql) throws SQLException {
        return open().prepared(sql);
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
