package dev.weir.store.meta;

import org.jdbi.v3.core.Handle;

/**
 * One transaction of a {@link Database}, valid while the function that was given it runs, and on
 * the thread that runs it. Services pass it on; only {@code *Dao} classes look inside.
 */
public final class Transaction {
    private final Handle handle;
    private final Dialect dialect;
    private final boolean writing;
    private boolean open = true;

    Transaction(Handle handle, Dialect dialect, boolean writing) {
        this.handle = handle;
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
        if (!open) {
            throw new IllegalStateException("transaction: ended (expected: still running)");
        }
        return handle;
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
