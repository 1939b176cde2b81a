package dev.weir.store.meta;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Small writes that are durable before they are in the tables: an entry is appended to a file
 * beside the database, which costs half of what a commit of SQLite does, and whoever reads or
 * writes tables next, in any process, first has all that waits carried into them. So nobody sees
 * tables without it.
 *
 * <p>One process of a home appends. The number of the last entry that was carried stands in a table
 * and changes in the transaction that carries it: each entry gets into the tables once, whatever is
 * killed when. docs/decisions/032-metrics-wait-in-an-intake.md tells why it is so.
 */
public final class Intake {
    /** Writes entries into the tables. */
    public interface Carrier {
        /**
         * @param entries in the order in which they were appended; not empty. What has no place in
         *     the tables any more is left out: an entry that fails would be in everybody's way.
         */
        void carry(Transaction tx, List<byte[]> entries);
    }

    private static final int LONGEST = 64 << 10;

    private final IntakeFile file;
    private final Database database;
    private final Carrier carrier;

    /** Held by the one thread that carries. */
    private final ReentrantLock carrying = new ReentrantLock();

    /** Held by the one thread that forces; guards the end of the file, synced and failure. */
    private final ReentrantLock forcing = new ReentrantLock();

    /** Guards what is to be forced next; held for no longer than a copy of an entry. */
    private final ReentrantLock filling = new ReentrantLock();

    private ByteBuffer filled = ByteBuffer.allocate(LONGEST);
    private ByteBuffer spare = ByteBuffer.allocate(LONGEST);
    private long numbered;
    private long synced;
    private @Nullable RuntimeException failure;
    private volatile boolean owned;

    private final AtomicLong syncs = new AtomicLong();
    private final AtomicLong appends = new AtomicLong();

    private Intake(IntakeFile file, Database database, Carrier carrier) {
        this.file = file;
        this.database = database;
        this.carrier = carrier;
    }

    /** Opens the intake of a database; what waited in it is in the tables when this returns. */
    static Intake open(Path path, Database database, Carrier carrier) {
        Intake intake = new Intake(IntakeFile.open(path), database, carrier);
        try {
            intake.carryLeftOver();
        } catch (RuntimeException e) {
            intake.close();
            throw e;
        }
        return intake;
    }

    /** Whether this process may append: call it once, in a process that lasts. */
    public boolean own() {
        if (file.own()) {
            carryLeftOver();
            long carried = database.readAsTheyAre(Intake::carried);
            forcing.lock();
            try {
                numbered = carried;
                synced = carried;
                file.last(carried);
                file.carried(carried);
                file.again();
                owned = true;
            } finally {
                forcing.unlock();
            }
        }
        return owned;
    }

    /**
     * Appends an entry, which is durable when this returns.
     *
     * @return false where it was not taken (too long, or another process appends): then it is to be
     *     written to the tables
     * @throws IllegalStateException within a transaction
     */
    public boolean append(byte[] entry) {
        if (!owned || IntakeFile.sizeOf(entry) > LONGEST) {
            return false;
        }
        if (database.inTransaction()) {
            throw new IllegalStateException("append: within a transaction (expected: outside)");
        }
        long number = 0;
        while (number == 0) {
            number = put(entry);
            force(number);
        }
        appends.incrementAndGet();
        return true;
    }

    /** The number that it got; 0 where there is no room before others are forced. */
    private long put(byte[] entry) {
        filling.lock();
        try {
            if (filled.remaining() < IntakeFile.sizeOf(entry)) {
                return 0;
            }
            numbered++;
            IntakeFile.put(filled, numbered, entry);
            return numbered;
        } finally {
            filling.unlock();
        }
    }

    /** Those who wait for the lock find their entries forced by the one who had it. */
    private void force(long number) {
        forcing.lock();
        try {
            if (failure != null) {
                throw failure;
            }
            if (number == 0 || synced < number) {
                forceAll();
            }
        } catch (IOException e) {
            owned = false; // what is in the file now nobody knows before it is read again
            failure = new UncheckedIOException("intake", e);
            throw failure;
        } finally {
            forcing.unlock();
        }
    }

    private void forceAll() throws IOException {
        ByteBuffer entries;
        long through;
        filling.lock();
        try {
            entries = filled.flip();
            filled = spare;
            through = numbered;
        } finally {
            filling.unlock();
        }
        spare = entries;
        if (file.carried() == synced) {
            file.again();
        } else if (!file.fits(entries.remaining())) {
            carryLeftOver();
            file.again();
        }
        file.append(entries);
        entries.clear();
        synced = through;
        file.last(through);
        syncs.incrementAndGet();
    }

    /** Reads the tables as they are, without what waits. */
    public <T extends @Nullable Object> T withoutWaiting(Function<Transaction, T> work) {
        return database.readAsTheyAre(work);
    }

    /** What changes whenever anybody has written tables, so that what was read may be kept. */
    public long stamp() {
        return file.stamp();
    }

    void written() {
        file.stamp(ThreadLocalRandom.current().nextLong());
    }

    /** Whether the tables lack anything. */
    boolean waits() {
        return file.last() != file.carried();
    }

    /** Carries out a change of the tables, all that waits before it, in one transaction. */
    <T extends @Nullable Object> T before(
            Function<Transaction, T> work, Function<Function<Transaction, T>, T> transaction) {
        carrying.lock();
        try {
            List<IntakeFile.Entry> entries = file.entries();
            long[] through = new long[1];
            T outcome =
                    transaction.apply(
                            tx -> {
                                through[0] = carry(tx, entries);
                                return work.apply(tx);
                            });
            file.carried(through[0]);
            return outcome;
        } finally {
            carrying.unlock();
        }
    }

    private long carry(Transaction tx, List<IntakeFile.Entry> entries) {
        long carried = carried(tx);
        List<byte[]> fresh =
                entries.stream()
                        .filter(entry -> entry.number() > carried)
                        .map(IntakeFile.Entry::bytes)
                        .toList();
        if (fresh.isEmpty()) {
            return carried;
        }
        carrier.carry(tx, fresh);
        long last = entries.getLast().number();
        tx.update("update intake set carried = ? where id = 1", last);
        return last;
    }

    /** Has all that waits in the tables. */
    void carryAll() {
        this.<Boolean>before(tx -> true, database::writeAsTheyAre);
    }

    /** As {@link #carryAll}, whatever the shared page says. */
    private void carryLeftOver() {
        List<IntakeFile.Entry> entries = file.entries();
        if (!entries.isEmpty()
                && database.readAsTheyAre(Intake::carried) < entries.getLast().number()) {
            carryAll();
        }
    }

    private static long carried(Transaction tx) {
        return tx.first("select carried from intake where id = 1", row -> row.getLong(1))
                .orElseThrow();
    }

    /** How often entries were forced to the disk. */
    long syncs() {
        return syncs.get();
    }

    /** How many entries were. */
    long appends() {
        return appends.get();
    }

    void close() {
        forcing.lock();
        try {
            boolean was = owned;
            owned = false;
            if (was && waits()) {
                carryAll();
            }
            file.disown(was && !waits());
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("intake", e);
        } finally {
            forcing.unlock();
        }
    }
}
