package dev.weir.ml.data.matrix;

import java.nio.charset.StandardCharsets;

/**
 * A hash of rows that stays the same between versions of DuckDB and of Weir, whatever the order of
 * the columns, the number of threads, or the width of a number's type: 1 and 1.0 are equal. Built
 * on the finalizer of SplitMix64 (Steele, Lea, Flood, 2014); texts enter as the lower half of their
 * MD5, which SQL computes.
 */
final class RowHash {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double LARGEST_WHOLE = 1L << 53;

    private RowHash() {}

    /** What a column adds to every value in it, so that equal values in two columns differ. */
    static long column(String name) {
        long hash = GOLDEN;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return mix(hash);
    }

    /** What a whole number, or the MD5 of a text, adds to its row. */
    static long value(long column, long bits) {
        return mix(column + bits * GOLDEN);
    }

    /** What a number adds to its row. */
    static long value(long column, double number) {
        boolean whole = Math.abs(number) <= LARGEST_WHOLE && number == Math.rint(number);
        return value(column, whole ? (long) number : Double.doubleToLongBits(number));
    }

    /** What a missing value adds to its row. */
    static long missing(long column) {
        return mix(~column);
    }

    /** The hash of a row from the sum of what its values added. */
    static long row(long sum) {
        return mix(sum);
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
