package dev.weir.store.meta;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Lets writers that wait at the same time share one commit: to make a commit durable costs more
 * than what most writers write. One of those who wait carries out the work of all, each within a
 * savepoint of its own, so that work that fails leaves the others as they are.
 *
 * <pre>{@code
 * GroupCommit writers = new GroupCommit(database);
 * String id = writers.write(tx -> insert(tx));    // durable when it returns, as Database.write is
 * }</pre>
 */
public final class GroupCommit {
    /** So that nobody waits for too many others. */
    private static final int MOST = 256;

    private static final String SAVE = "savepoint of_one_writer";
    private static final String KEEP = "release savepoint of_one_writer";
    private static final String UNDO = "rollback to savepoint of_one_writer";

    /**
     * A commit is held up by no more than this part of what commits take, so that others can join.
     */
    private static final int PART_OF_COMMIT = 2;

    private static final long MOST_HELD_UP_NANOS = 1_000_000;
    private static final long LOOK_AGAIN_NANOS = 20_000;

    private final Database database;
    private final ConcurrentLinkedQueue<Waiting<?>> waiting = new ConcurrentLinkedQueue<>();

    /** How many there are in the queue: it does not know itself without a walk. */
    private final AtomicInteger queued = new AtomicInteger();

    /** Whether somebody carries out what waits. Only that one takes from the queue. */
    private final AtomicBoolean led = new AtomicBoolean();

    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();

    /** How many wrote at the same time of late, and what a commit took. Of the one who leads. */
    private int writersOfLate = 1;

    private long commitNanos;

    public GroupCommit(Database database) {
        this.database = database;
    }

    private enum State {
        WAITS,
        LEADS,
        DONE
    }

    /** Work that somebody waits for. */
    private static final class Waiting<T extends @Nullable Object> {
        private final Function<Transaction, T> work;
        private final Thread writer = Thread.currentThread();
        private @Nullable T answer;
        private @Nullable RuntimeException failure;

        /** Written after all else: who sees that it is done sees the outcome. */
        private volatile State state = State.WAITS;

        Waiting(Function<Transaction, T> work) {
            this.work = work;
        }

        void run(Transaction tx) {
            failure = null;
            answer = work.apply(tx);
        }

        void becomes(State now) {
            state = now;
            LockSupport.unpark(writer);
        }

        State awaited() {
            boolean interrupted = false;
            while (state == State.WAITS) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                writer.interrupt(); // what is on its way to the disk cannot be called back
            }
            return state;
        }

        @SuppressWarnings("NullAway") // null only where T may be null
        T outcome() {
            if (failure != null) {
                throw failure;
            }
            return answer;
        }
    }

    /**
     * Runs work in a transaction, which others may be part of, and which is durable when this
     * returns; what the work throws undoes what it did. It does nothing but read and write through
     * its transaction, and may be run again from its beginning.
     */
    public <T extends @Nullable Object> T write(Function<Transaction, T> work) {
        Waiting<T> mine = new Waiting<>(work);
        waiting.add(mine);
        queued.incrementAndGet();
        if (led.compareAndSet(false, true) || mine.awaited() == State.LEADS) {
            try {
                othersMayJoin();
                while (mine.state != State.DONE) {
                    carryOut();
                }
            } finally {
                passOn();
            }
        }
        return mine.outcome();
    }

    /** Where several wrote of late, the same are about to write again. */
    private void othersMayJoin() {
        if (writersOfLate <= 1) {
            return;
        }
        long until = System.nanoTime() + Math.min(commitNanos / PART_OF_COMMIT, MOST_HELD_UP_NANOS);
        while (queued.get() < writersOfLate && System.nanoTime() < until) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private void carryOut() {
        List<Waiting<?>> group = new ArrayList<>();
        for (Waiting<?> next = waiting.poll(); next != null; next = waiting.poll()) {
            group.add(next);
            if (group.size() == MOST) {
                break;
            }
        }
        queued.addAndGet(-group.size());
        long begun = System.nanoTime();
        try {
            if (group.size() == 1) {
                database.writing(group.getFirst()::run);
            } else {
                database.writing(tx -> group.forEach(one -> apart(tx, one)));
            }
            commits.incrementAndGet();
            writes.addAndGet(group.size());
        } catch (RuntimeException e) {
            group.forEach(one -> one.failure = e);
        } catch (Error e) {
            group.forEach(one -> one.failure = new IllegalStateException(e));
            throw e;
        } finally {
            commitNanos = System.nanoTime() - begun;
            writersOfLate = group.size() + queued.get();
            group.forEach(one -> one.becomes(State.DONE));
        }
    }

    private void apart(Transaction tx, Waiting<?> one) {
        tx.update(SAVE);
        try {
            one.run(tx);
        } catch (RuntimeException e) {
            if (Faults.passing(e) || Faults.broken(e)) {
                throw e; // all of it is run again
            }
            tx.update(UNDO);
            one.failure = database.told(e);
        }
        tx.update(KEEP);
    }

    /** The first who waits leads from now on; nobody, where nobody waits. */
    private void passOn() {
        do {
            Waiting<?> next = waiting.peek();
            if (next != null) {
                next.becomes(State.LEADS);
                return;
            }
            led.set(false);
        } while (!waiting.isEmpty() && led.compareAndSet(false, true));
    }

    /** How many wait for the one who carries out work now. */
    int waiting() {
        return queued.get();
    }

    /** How many commits there were, those of failed groups not counted. */
    public long commits() {
        return commits.get();
    }

    /** How many writers they served. */
    public long writes() {
        return writes.get();
    }
}
