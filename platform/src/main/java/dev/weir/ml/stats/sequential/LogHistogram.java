package dev.weir.ml.stats.sequential;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of numbers in buckets that never change: 32 to each power of two, so that a bucket is at
 * most 3.2 % wide, for either sign, and one for 0. Whoever counts, histograms add up, and a later
 * one less an earlier one is what came between. Magnitudes below 2^-40 count as 0, those of 2^40 or
 * more as the largest bucket.
 */
public final class LogHistogram {
    private static final int BITS = 5;
    private static final int LEAST = -40;
    private static final int MOST = 40;
    private static final int SIDE = (MOST - LEAST) << BITS;

    /** Of no number. */
    public static final LogHistogram EMPTY = new LogHistogram(new int[0], new long[0]);

    /** Ascending. */
    private final int[] keys;

    /** None is 0. */
    private final long[] counts;

    private LogHistogram(int[] keys, long[] counts) {
        this.keys = keys;
        this.counts = counts;
    }

    /** The histogram of numbers; NaN is left out. */
    public static LogHistogram of(double... values) {
        Recording recording = new Recording();
        for (double value : values) {
            recording.add(value);
        }
        return recording.drain();
    }

    private static LogHistogram of(TreeMap<Integer, Long> sparse) {
        sparse.values().removeIf(count -> count == 0);
        return new LogHistogram(
                sparse.keySet().stream().mapToInt(key -> key).toArray(),
                sparse.values().stream().mapToLong(count -> count).toArray());
    }

    /** The bucket of a number that is not NaN: 0 for 0, its sign that of the number. */
    static int key(double value) {
        double size = Math.abs(value);
        int exponent = Math.getExponent(size);
        if (exponent < LEAST) {
            return 0;
        }
        int bucket = SIDE;
        if (exponent < MOST) {
            long mantissa = Double.doubleToRawLongBits(size) & ((1L << 52) - 1);
            bucket = ((exponent - LEAST) << BITS) + (int) (mantissa >>> (52 - BITS)) + 1;
        }
        return value < 0 ? -bucket : bucket;
    }

    /** Where a bucket begins, seen from 0. */
    private static double edge(int bucket) {
        int steps = Math.abs(bucket) - 1;
        double size =
                Math.scalb(
                        1 + (double) (steps & ((1 << BITS) - 1)) / (1 << BITS),
                        (steps >> BITS) + LEAST);
        return bucket == 0 ? 0 : Math.copySign(size, bucket);
    }

    /** The smallest number of a bucket. */
    static double lower(int key) {
        return key < 0 ? edge(key - 1) : edge(key);
    }

    /** Where a bucket ends. */
    static double upper(int key) {
        return key > 0 ? edge(key + 1) : edge(key);
    }

    /** How many numbers were counted. */
    public long count() {
        long count = 0;
        for (long one : counts) {
            count += one;
        }
        return count;
    }

    /** What both have counted. */
    public LogHistogram plus(LogHistogram other) {
        return combined(other, 1);
    }

    /** What was counted since {@code earlier}, which is a part of this one. */
    public LogHistogram minus(LogHistogram earlier) {
        return combined(earlier, -1);
    }

    private LogHistogram combined(LogHistogram other, int sign) {
        if (other.keys.length == 0) {
            return this;
        }
        TreeMap<Integer, Long> sum = sparse();
        other.sparse().forEach((key, count) -> sum.merge(key, sign * count, Long::sum));
        return of(sum);
    }

    private TreeMap<Integer, Long> sparse() {
        TreeMap<Integer, Long> sparse = new TreeMap<>();
        for (int i = 0; i < keys.length; i++) {
            sparse.put(keys[i], counts[i]);
        }
        return sparse;
    }

    /** How many are surely above a bound: those of buckets that begin at it or above it. */
    public long above(double bound) {
        long above = 0;
        for (int i = keys.length - 1; i >= 0 && lower(keys[i]) >= bound; i--) {
            above += counts[i];
        }
        return above;
    }

    /** How many are surely below a bound: those of buckets that end at it or below it. */
    public long below(double bound) {
        long below = 0;
        for (int i = 0; i < keys.length && upper(keys[i]) <= bound; i++) {
            below += counts[i];
        }
        return below;
    }

    /**
     * The end of the bucket that holds the quantile: at most 3.2 % above the smallest number which
     * this share of all does not exceed.
     *
     * @param share 0 to 1
     * @return NaN of no numbers
     */
    public double quantile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count()));
        long seen = 0;
        for (int i = 0; i < keys.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return upper(keys[i]);
            }
        }
        return Double.NaN;
    }

    /**
     * Bounds that part the numbers into at most this many groups of about the same size; each is
     * the end of a bucket. Of numbers that are mostly the same there are fewer.
     */
    public double[] cuts(int groups) {
        double[] cuts = new double[groups - 1];
        long least = Math.max(1, Math.ceilDiv(count(), groups));
        int found = 0;
        long seen = 0;
        for (int i = 0; i < keys.length - 1 && found < cuts.length; i++) {
            seen += counts[i];
            if (seen >= least) {
                cuts[found++] = upper(keys[i]);
                seen = 0;
            }
        }
        return Arrays.copyOf(cuts, found);
    }

    /** How many numbers lie in each of the groups between {@link #cuts}: one more than cuts. */
    public long[] grouped(double[] cuts) {
        long[] grouped = new long[cuts.length + 1];
        int group = 0;
        for (int i = 0; i < keys.length; i++) {
            while (group < cuts.length && lower(keys[i]) >= cuts[group]) {
                group++;
            }
            grouped[group] += counts[i];
        }
        return grouped;
    }

    /** {@code [[bucket, count], …]}, ascending. */
    public ArrayNode json() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < keys.length; i++) {
            json.addArray().add(keys[i]).add(counts[i]);
        }
        return json;
    }

    /** Reads what {@link #json} wrote. */
    public static LogHistogram fromJson(JsonNode json) {
        TreeMap<Integer, Long> sparse = new TreeMap<>();
        json.valueStream()
                .forEach(
                        pair ->
                                sparse.merge(
                                        pair.path(0).intValue(),
                                        pair.path(1).longValue(),
                                        Long::sum));
        return of(sparse);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogHistogram that
                && Arrays.equals(keys, that.keys)
                && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(keys) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return json().toString();
    }

    /** Counts numbers while many threads give them: no lock, and nothing is made for a number. */
    public static final class Recording {
        private final AtomicLongArray counts = new AtomicLongArray(2 * SIDE + 1);

        /** Counts one; NaN is left out. */
        public void add(double value) {
            if (!Double.isNaN(value)) {
                counts.getAndIncrement(SIDE + key(value));
            }
        }

        /** What was counted since the last call. */
        public LogHistogram drain() {
            TreeMap<Integer, Long> sparse = new TreeMap<>();
            for (int i = 0; i < counts.length(); i++) {
                if (counts.get(i) != 0) {
                    sparse.put(i - SIDE, counts.getAndSet(i, 0));
                }
            }
            return of(sparse);
        }
    }
}
