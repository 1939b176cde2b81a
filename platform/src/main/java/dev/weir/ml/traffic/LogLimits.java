package dev.weir.ml.traffic;

import java.time.Duration;

/**
 * How much a prediction log holds back, and how long.
 *
 * @param ringBytes memory between requests and the file; a power of two
 * @param segmentBytes a segment of this size is closed
 * @param segmentAge a segment so old is closed
 * @param sync how long at most a row waits for the disk to have it
 */
record LogLimits(int ringBytes, long segmentBytes, Duration segmentAge, Duration sync) {
    static LogLimits usual() {
        return new LogLimits(1 << 20, 64L << 20, Duration.ofHours(1), Duration.ofMillis(500));
    }
}
