package dev.weir.ml.traffic;

import dev.weir.ml.data.log.GrowingTable;
import dev.weir.ml.data.log.Loss;
import dev.weir.ml.data.log.RowBytes;
import dev.weir.ml.data.log.SegmentWriter;
import dev.weir.store.meta.Times;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that takes rows out of the ring and appends them to a segment, and begins a new
 * segment where the old one is large or old. It naps between looks, so that who offers need not
 * wake it; when nothing has come for a second it sleeps until it is woken.
 */
final class LogWriter {
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** However quiet it is, a segment that has grown old is closed. */
    private static final long DOZE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int AWAKE = 0;
    private static final int NAPPING = 1;
    private static final int ASLEEP = 2;

    private final GrowingTable table;
    private final Ring ring;
    private final List<Lane> lanes;
    private final Losses losses;
    private final Hiding hiding;
    private final Runnable upkeep;
    private final LogLimits limits;
    private final Clock clock;
    private final ThreadFactory threads;
    private final Thread thread;
    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private final AtomicBoolean compacting = new AtomicBoolean();
    private final AtomicReference<@Nullable Thread> compactor = new AtomicReference<>();

    /** What went wrong last, until something goes right. */
    private volatile @Nullable String failing;

    /** Why segments could not be made into Parquet the last time; null where they could. */
    private volatile @Nullable String stuck;

    private volatile boolean closing;
    private volatile long written;

    /** How often the ring was found empty with all that came before in the file. */
    private volatile long settled;

    // only the thread touches these
    private final BitSet known = new BitSet();
    private @Nullable SegmentWriter segment;
    private long begunNanos;
    private long syncedNanos;
    private long counted;
    private long gathered;
    private boolean unsynced;

    LogWriter(
            GrowingTable table,
            Ring ring,
            List<Lane> lanes,
            Losses losses,
            Hiding hiding,
            Runnable upkeep,
            LogLimits limits,
            Clock clock,
            ThreadFactory threads) {
        this.table = table;
        this.ring = ring;
        this.lanes = lanes;
        this.losses = losses;
        this.hiding = hiding;
        this.upkeep = upkeep;
        this.limits = limits;
        this.clock = clock;
        this.threads = threads;
        this.thread = threads.newThread(this::writeUntilClosed);
        thread.start();
        compact(); // what an earlier process has left
    }

    long written() {
        return written;
    }

    @Nullable String failing() {
        String now = failing;
        return now == null ? stuck : now;
    }

    /** Notes what should never happen. */
    void defect(RuntimeException e) {
        failing = String.valueOf(e.getMessage());
    }

    /** Has the thread look at the ring where it sleeps, or where the ring fills up. */
    void wake() {
        int now = state.get();
        if (now == ASLEEP || (now == NAPPING && ring.used() > ring.capacity() / 4)) {
            if (state.compareAndSet(now, AWAKE)) {
                LockSupport.unpark(thread);
            }
        }
    }

    void flush() throws InterruptedException {
        long before = settled;
        while (settled < before + 2 && thread.isAlive()) {
            state.set(AWAKE);
            LockSupport.unpark(thread);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    void close() {
        closing = true;
        LockSupport.unpark(thread);
        join(thread);
        Thread last = compactor.get();
        if (last != null) {
            join(last);
        }
    }

    private static void join(Thread ended) {
        try {
            ended.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeUntilClosed() {
        try {
            write();
        } finally {
            if (!closing) {
                stuck = "the thread that writes has ended";
            }
        }
    }

    private void write() {
        long busyNanos = System.nanoTime();
        while (true) {
            boolean last = closing;
            int rows = ring.read(this::take);
            long now = System.nanoTime();
            settle(now, last);
            settled++;
            if (last) {
                return;
            }
            if (rows > 0) {
                busyNanos = now;
            }
            nap(now - busyNanos > QUIET_NANOS && !unsynced);
        }
    }

    private void nap(boolean quiet) {
        state.set(quiet ? ASLEEP : NAPPING);
        if (ring.used() <= (quiet ? 0 : ring.capacity() / 4) && !closing) {
            LockSupport.parkNanos(this, quiet ? DOZE_NANOS : NAP_NANOS);
        }
        state.set(AWAKE);
    }

    private void take(MemorySegment memory, long at, int length) {
        try {
            SegmentWriter to = segment();
            int number = RowBytes.layout(memory, at);
            LaneColumns columns = lanes.get(number).columns();
            if (!known.get(number)) {
                to.layout(number, columns.layout());
                known.set(number);
            }
            boolean plain =
                    RowBytes.missingText(memory, at + 4) && RowBytes.missingText(memory, at + 8);
            if (columns.masks() || !plain) {
                int hidden = hiding.hide(columns, memory, at, length);
                to.row(hiding.bytes(), 0, hidden);
            } else {
                to.row(memory, at, length);
            }
            gathered++;
        } catch (IOException e) {
            gathered++;
            failed(e);
        } catch (UncheckedIOException e) {
            gathered++;
            failed(e);
        } catch (RuntimeException e) {
            losses.add(Loss.FAILED, 1);
            defect(e);
        }
    }

    /** The segment that is open; a new one where there is none. */
    private SegmentWriter segment() throws IOException {
        SegmentWriter open = segment;
        if (open == null) {
            open = table.begin();
            segment = open;
            counted = 0;
            known.clear();
            begunNanos = System.nanoTime();
            syncedNanos = begunNanos;
        }
        return open;
    }

    /** Brings rows to the file, and to the disk where it is time, and ends what is large or old. */
    private void settle(long now, boolean last) {
        SegmentWriter open = segment;
        if (open == null) {
            return;
        }
        try {
            losses.tell(open, Times.micros(clock.instant()));
            open.flush();
            if (gathered > 0) {
                count(open);
                unsynced = true;
                failing = null;
            }
            if (unsynced && now - syncedNanos >= limits.sync().toNanos()) {
                open.sync();
                syncedNanos = now;
                unsynced = false;
            }
            boolean old = now - begunNanos >= limits.segmentAge().toNanos();
            if (last || old || open.size() >= limits.segmentBytes()) {
                segment = null;
                unsynced = false;
                open.close();
                if (!last) {
                    compact();
                }
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Counts the rows that have reached the file since the last time. */
    private void count(SegmentWriter open) {
        long reached = open.rows() - counted;
        counted = open.rows();
        written += reached;
        gathered -= reached;
    }

    private void failed(Exception e) {
        SegmentWriter open = segment;
        if (open != null) {
            count(open);
        }
        losses.add(Loss.FAILED, gathered);
        gathered = 0;
        known.clear();
        failing = e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Has closed segments made into Parquet, by one thread at a time. */
    private void compact() {
        if (compacting.compareAndSet(false, true)) {
            Thread worker =
                    threads.newThread(
                            () -> {
                                try {
                                    upkeep.run();
                                    stuck = null;
                                } catch (RuntimeException e) {
                                    stuck = String.valueOf(e.getMessage());
                                } finally {
                                    compacting.set(false);
                                }
                            });
            compactor.set(worker);
            worker.start();
        }
    }
}
