package dev.weir.store.meta;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded pool of sessions of one kind; connections are opened when first needed, and kept. */
final class Sessions {
    /** Opens one more session. */
    interface Opener {
        Session open() throws SQLException;
    }

    private final Opener opener;

    /** One permit for each session that may be in use; fair, so that no writer starves. */
    private final Semaphore permits;

    /** Guards {@link #idle} and {@link #closed}; held for no longer than a list operation. */
    private final ReentrantLock lock = new ReentrantLock();

    private final ArrayDeque<Session> idle = new ArrayDeque<>();
    private boolean closed;

    Sessions(int most, Opener opener) {
        this.permits = new Semaphore(most, true);
        this.opener = opener;
    }

    /** A session for one transaction; waits while all are in use. */
    Session take() throws SQLException {
        permits.acquireUninterruptibly();
        try {
            Session kept = keptOne();
            return kept == null ? opener.open() : kept;
        } catch (SQLException | RuntimeException e) {
            permits.release();
            throw e;
        }
    }

    private @Nullable Session keptOne() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("database: closed (expected: open)");
            }
            return idle.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Brings a session back; one that is not sound any more is closed. */
    void giveBack(Session session, boolean sound) throws SQLException {
        try {
            if (!sound || !kept(session)) {
                session.close();
            }
        } finally {
            permits.release();
        }
    }

    private boolean kept(Session session) {
        lock.lock();
        try {
            if (!closed) {
                idle.addFirst(session);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the idle sessions, and nothing else: after a broken connection all are suspect. */
    void drain() throws SQLException {
        for (Session session = polled(); session != null; session = polled()) {
            session.close();
        }
    }

    private @Nullable Session polled() {
        lock.lock();
        try {
            return idle.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Closes all; a session in use is closed when it comes back. */
    void close() throws SQLException {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        drain();
    }
}
