package dev.weir.ml.traffic;

import dev.weir.ml.data.log.GrowingTable;
import dev.weir.ml.data.log.Loss;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Keeps what an endpoint predicts. Whoever answers requests offers entries; a thread of the log
 * writes them to a file, and has the disk confirm it at least once a second. Between them is a
 * buffer of fixed size: what does not fit into it, or cannot be written, is dropped and counted,
 * and nobody ever waits.
 *
 * <p>After {@code kill -9} the rows of the last tenth of a second are gone, after a power cut those
 * of the last second.
 */
public final class PredictionLog implements AutoCloseable {
    private final Ring ring;
    private final LogWriter writer;
    private final Losses losses = new Losses();
    private final LongAdder sampledOut = new LongAdder();
    private final CopyOnWriteArrayList<Lane> lanes = new CopyOnWriteArrayList<>();
    private final EndpointFile endpointFile;
    private volatile LogPolicy policy;

    PredictionLog(
            GrowingTable table,
            Pseudonyms pseudonyms,
            EndpointFile endpointFile,
            LogPolicy policy,
            Consumer<Duration> upkeep,
            LogLimits limits,
            Clock clock,
            ThreadFactory threads) {
        this.ring = new Ring(limits.ringBytes());
        this.endpointFile = endpointFile;
        this.policy = policy;
        this.writer =
                new LogWriter(
                        table,
                        ring,
                        lanes,
                        losses,
                        new Hiding(pseudonyms),
                        () -> upkeep.accept(this.policy.keep()),
                        limits,
                        clock,
                        threads);
    }

    /** Has entries that come from now on kept in this way. */
    public void policy(LogPolicy other) {
        if (!other.equals(policy)) { // the same object stays: entries find their lane by it
            policy = other;
        }
    }

    /**
     * Takes an entry: all its rows, or those that fit. Copies what is to be kept, never waits and
     * never throws; what is not taken is counted.
     *
     * @return whether nothing was dropped
     */
    public boolean offer(Entry entry) {
        int rows = 1;
        int taken = 0;
        try {
            rows = entry.rows();
            Lane lane = lane(entry.origin());
            if (!lane.picks(entry.id())) {
                sampledOut.add(rows);
                return true;
            }
            boolean whole = true;
            while (taken < rows) {
                int most = lane.most(entry, taken, rows);
                if (most > ring.largest()) {
                    losses.add(Loss.TOO_LARGE, 1);
                    whole = false;
                } else if (!place(lane, entry, taken, rows, most)) {
                    losses.add(Loss.FULL, rows - taken);
                    writer.wake();
                    return false;
                }
                taken++;
            }
            writer.wake();
            return whole;
        } catch (RuntimeException e) {
            losses.add(Loss.FAILED, Math.max(rows - taken, 1));
            writer.defect(e);
            return false;
        }
    }

    /** False where there is no room. */
    private boolean place(Lane lane, Entry entry, int row, int rows, int most) {
        int at = ring.claim(most);
        if (at < 0) {
            return false;
        }
        int used = 0;
        try {
            used = (int) (lane.write(ring.memory(), at, entry, row, rows) - at);
        } finally {
            ring.publish(at, most, used);
        }
        return true;
    }

    private Lane lane(Origin origin) {
        LogPolicy now = policy;
        for (Lane lane : lanes) {
            if (lane.origin() == origin && lane.policy() == now) {
                return lane;
            }
        }
        return laneOf(origin, now);
    }

    private synchronized Lane laneOf(Origin origin, LogPolicy now) {
        for (Lane lane : lanes) {
            if (lane.origin().equals(origin) && lane.policy().equals(now)) {
                return lane;
            }
        }
        try {
            endpointFile.remember(origin);
        } catch (UncheckedIOException e) {
            writer.defect(e); // whoever serves goes on serving, and the health says it
        }
        Lane lane = new Lane(lanes.size(), origin, now);
        lanes.add(lane);
        return lane;
    }

    /** Rows that were dropped since this log was opened. */
    public long dropped() {
        return health().dropped();
    }

    /** How this log fares. */
    public LogHealth health() {
        return new LogHealth(
                writer.written(),
                losses.count(Loss.FULL),
                losses.count(Loss.TOO_LARGE),
                losses.count(Loss.FAILED),
                sampledOut.sum(),
                writer.failing());
    }

    /** Waits until what was offered before is in the file, or counted as dropped. */
    public void flush() throws InterruptedException {
        writer.flush();
    }

    /** Writes what was offered, closes the segment, and ends the log's threads. */
    @Override
    public void close() {
        writer.close();
    }
}
