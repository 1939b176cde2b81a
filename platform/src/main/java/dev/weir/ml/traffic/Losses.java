package dev.weir.ml.traffic;

import dev.weir.ml.data.log.Loss;
import dev.weir.ml.data.log.SegmentWriter;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Counts rows that were dropped, and has the log say so. */
final class Losses {
    private final LongAdder[] counts = new LongAdder[Loss.values().length];
    private final long[] told = new long[counts.length];

    Losses() {
        Arrays.setAll(counts, i -> new LongAdder());
    }

    void add(Loss loss, long rows) {
        counts[loss.ordinal()].add(rows);
    }

    long count(Loss loss) {
        return counts[loss.ordinal()].sum();
    }

    /** Writes what was not told yet; for one thread only. */
    void tell(SegmentWriter segment, long micros) throws IOException {
        for (Loss loss : Loss.values()) {
            long now = count(loss);
            if (now > told[loss.ordinal()]) {
                segment.lost(micros, loss, now - told[loss.ordinal()]);
                told[loss.ordinal()] = now;
            }
        }
    }
}
