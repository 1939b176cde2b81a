package dev.weir.stage.deploy;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** What one version in one role has done since it came: counted, and read for {@code /metrics}. */
public final class Meter {
    /** Upper bounds of the latency's buckets, in nanoseconds; above the last there is one more. */
    private static final long[] BOUNDS = {
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        250_000_000,
        500_000_000,
        1_000_000_000,
        2_500_000_000L,
        10_000_000_000L
    };

    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder[] buckets =
            IntStream.rangeClosed(0, BOUNDS.length)
                    .mapToObj(i -> new LongAdder())
                    .toArray(LongAdder[]::new);

    /**
     * What was counted.
     *
     * @param answered requests with an answer
     * @param failed requests at which the model failed
     * @param rows in the requests that were answered
     * @param seconds that answers took, together
     * @param bounds upper bounds of buckets, in seconds
     * @param upTo how many answers took at most so long, for each bound
     */
    public record Reading(
            long answered, long failed, long rows, double seconds, double[] bounds, long[] upTo) {}

    void answered(long tookNanos, int answeredRows) {
        answered.increment();
        rows.add(answeredRows);
        nanos.add(tookNanos);
        int at = Arrays.binarySearch(BOUNDS, tookNanos);
        buckets[at < 0 ? -at - 1 : at].increment();
    }

    void failed() {
        failed.increment();
    }

    /** What was counted so far. */
    public Reading reading() {
        double[] bounds = Arrays.stream(BOUNDS).mapToDouble(b -> b / 1e9).toArray();
        long[] upTo = new long[BOUNDS.length];
        long sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += buckets[i].sum();
            upTo[i] = sum;
        }
        return new Reading(
                answered.sum(), failed.sum(), rows.sum(), nanos.sum() / 1e9, bounds, upTo);
    }
}
