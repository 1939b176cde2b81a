package dev.weir.ml.stats.drift;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the values of a column lie, in a few kilobytes: the sketch of Karnin, Lang and Liberty
 * (Optimal Quantile Approximation in Streams, 2016), {@code k} = 200. It holds values of weight 1,
 * 2, 4 …, each for as many of its neighbours. Two sketches merge into that of both columns. Equal
 * values give equal bytes: the coins of the compaction are drawn from a seed, and values are taken
 * in sorted at once, which is exact up to 400 of them and puts no two ranks closer than 1/400 else.
 */
public final class QuantileSketch {
    private static final int K = 200;
    private static final int SMALLEST = 8;
    private static final double SHRINK = 2.0 / 3;
    private static final byte FORMAT = 1;

    /** Level i holds values of weight 2^i, sorted. */
    private final List<double[]> levels;

    private final double error;
    private final int merges;

    private QuantileSketch(List<double[]> levels, double error, int merges) {
        this.levels = levels;
        this.error = error;
        this.merges = merges;
    }

    /** The sketch of no value. */
    public static QuantileSketch empty() {
        return new QuantileSketch(List.of(), 0, 0);
    }

    /**
     * The sketch of values.
     *
     * @param sorted ascending, finite
     */
    public static QuantileSketch of(double[] sorted) {
        List<double[]> levels = new ArrayList<>();
        double[] rest = sorted;
        int halved = 0;
        while (rest.length > 2 * K) {
            boolean odd = rest.length % 2 == 1;
            levels.add(odd ? new double[] {rest[rest.length - 1]} : new double[0]);
            // the middle of its neighbours: the first of two, but of the last halving the second
            rest = half(rest, rest.length > 4 * K + 1 ? 0 : 1);
            halved++;
        }
        levels.add(rest);
        double error = halved == 0 ? 0 : (double) (1L << halved) / sorted.length;
        return new QuantileSketch(trimmed(levels), error, 0);
    }

    /** The same, where each value stands for 2^{@code thinned}: of a sample. */
    public QuantileSketch thinned(int thinned) {
        List<double[]> lifted = new ArrayList<>();
        for (int i = 0; i < thinned; i++) {
            lifted.add(new double[0]);
        }
        lifted.addAll(levels);
        return new QuantileSketch(trimmed(lifted), error, merges);
    }

    private static double[] half(double[] sorted, int from) {
        double[] half = new double[sorted.length / 2];
        for (int i = 0; i < half.length; i++) {
            half[i] = sorted[2 * i + from];
        }
        return half;
    }

    private static List<double[]> trimmed(List<double[]> levels) {
        int used = levels.size();
        while (used > 0 && levels.get(used - 1).length == 0) {
            used--;
        }
        return List.copyOf(levels.subList(0, used));
    }

    /** The sketch of what both have seen. */
    public QuantileSketch merge(QuantileSketch other) {
        List<double[]> both = new ArrayList<>();
        for (int i = 0; i < Math.max(levels.size(), other.levels.size()); i++) {
            both.add(merged(level(i), other.level(i)));
        }
        double count = (double) count() + other.count();
        double units = error * count() + other.error * other.count();
        int times = merges + other.merges + 1;
        for (int i = lowestFull(both); i >= 0; i = lowestFull(both)) {
            if (i + 1 == both.size()) {
                both.add(new double[0]);
            }
            double[] full = both.get(i);
            boolean odd = full.length % 2 == 1;
            both.set(i, odd ? new double[] {full[full.length - 1]} : new double[0]);
            both.set(i + 1, merged(both.get(i + 1), half(full, coin(times, i))));
            units += 1L << i;
        }
        return new QuantileSketch(trimmed(both), count == 0 ? 0 : units / count, times);
    }

    private double[] level(int i) {
        return i < levels.size() ? levels.get(i) : new double[0];
    }

    private static double[] merged(double[] a, double[] b) {
        double[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        Arrays.sort(both);
        return both;
    }

    /** The lowest level that is full, once they hold too much together; else -1. */
    private static int lowestFull(List<double[]> levels) {
        int held = 0;
        int room = 0;
        int lowest = -1;
        for (int i = levels.size() - 1; i >= 0; i--) {
            int depth = levels.size() - 1 - i;
            int capacity = Math.max(SMALLEST, (int) Math.ceil(K * Math.pow(SHRINK, depth)));
            held += levels.get(i).length;
            room += capacity;
            if (levels.get(i).length >= capacity) {
                lowest = i;
            }
        }
        return held > Math.max(room, 2 * K) ? lowest : -1;
    }

    /** A fair coin that always falls the same way (SplitMix64; Steele, Lea and Flood, 2014). */
    private static int coin(int times, int level) {
        long bits = (((long) times << 8) + level + 1) * 0x9E3779B97F4A7C15L;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return (int) ((bits ^ (bits >>> 31)) & 1);
    }

    /** How many values it stands for. */
    public long count() {
        long count = 0;
        for (int i = 0; i < levels.size(); i++) {
            count += (long) levels.get(i).length << i;
        }
        return count;
    }

    /** How far a rank may be off, as a share of all; 0 where it holds every value. */
    public double rankError() {
        // never more than the bound of the paper's authors for any stream: 99 %, one-sided
        return Math.min(error, 2.296 / Math.pow(K, 0.9021));
    }

    /** The values that it holds with their weights, as a distribution. */
    public Distribution distribution() {
        int held = levels.stream().mapToInt(level -> level.length).sum();
        double[] values = new double[held];
        int at = 0;
        for (double[] level : levels) {
            System.arraycopy(level, 0, values, at, level.length);
            at += level.length;
        }
        Arrays.sort(values);
        long[] below = new long[held];
        for (int i = 0; i < levels.size(); i++) {
            for (double value : levels.get(i)) {
                below[last(values, value)] += 1L << i;
            }
        }
        for (int i = 1; i < held; i++) {
            below[i] += below[i - 1];
        }
        return new Distribution(values, below);
    }

    /** The last place of a value in a sorted array that has it. */
    private static int last(double[] values, double value) {
        int at = Arrays.binarySearch(values, value);
        while (at + 1 < values.length && values[at + 1] == value) {
            at++;
        }
        return at;
    }

    /** Its bytes; {@link #of(byte[])} reads them. */
    public byte[] bytes() {
        int held = levels.stream().mapToInt(level -> level.length).sum();
        ByteBuffer bytes = ByteBuffer.allocate(14 + 4 * levels.size() + 8 * held);
        bytes.put(FORMAT).putDouble(error).putInt(merges).put((byte) levels.size());
        for (double[] level : levels) {
            bytes.putInt(level.length);
            for (double value : level) {
                bytes.putDouble(value);
            }
        }
        return bytes.array();
    }

    /**
     * Reads what {@link #bytes()} wrote.
     *
     * @throws IllegalArgumentException where it did not write them
     */
    public static QuantileSketch of(byte[] written) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(written);
            byte format = bytes.get();
            if (format != FORMAT) {
                throw new IllegalArgumentException(
                        "sketch of format " + format + " (expected: " + FORMAT + ")");
            }
            double error = bytes.getDouble();
            int merges = bytes.getInt();
            List<double[]> levels = new ArrayList<>();
            for (int left = bytes.get(); left > 0; left--) {
                int length = bytes.getInt();
                if (length < 0 || length > bytes.remaining() / Double.BYTES) {
                    throw new IllegalArgumentException("sketch: a level of " + length + " values");
                }
                double[] level = new double[length];
                for (int i = 0; i < length; i++) {
                    level[i] = bytes.getDouble();
                }
                levels.add(level);
            }
            return new QuantileSketch(List.copyOf(levels), error, merges);
        } catch (java.nio.BufferUnderflowException e) {
            throw new IllegalArgumentException("sketch: " + written.length + " bytes, too few", e);
        }
    }
}
