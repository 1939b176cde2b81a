package dev.weir.ml.tracking;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The points that one call logs of one key, in logged order and each once, in their packed form: 24
 * bytes each, big-endian: step, timestamp in milliseconds, the IEEE 754 bits of the value, so that
 * every double comes back as it was.
 */
public final class Points {
    static final int BYTES = 24;

    private ByteBuffer packed = ByteBuffer.allocate(BYTES);
    private @Nullable MetricPoint first;

    /** The greatest, by its parts: they are looked at for every point. */
    private double newestValue;

    private long newestTimestampMs;
    private long newestStep;

    /** Those that are there, as soon as one did not come in the order of steps and times. */
    private @Nullable Set<MetricPoint> seen;

    /** Adds a point, if it is not there yet. */
    public void add(MetricPoint point) {
        add(point.value(), point.timestampMs(), point.step());
    }

    /** Adds a point, if it is not there yet; its parts are those of {@link MetricPoint}. */
    public void add(double value, long timestampMs, long step) {
        if (first == null) {
            first = new MetricPoint(value, timestampMs, step);
            newest(value, timestampMs, step);
        } else if (isAfterNewest(timestampMs, step)) {
            newest(value, timestampMs, step);
        } else if (!isNewOutOfOrder(new MetricPoint(value, timestampMs, step))) {
            return;
        }
        if (seen != null) {
            seen.add(new MetricPoint(value, timestampMs, step));
        }
        if (packed.remaining() < BYTES) {
            packed = ByteBuffer.allocate(packed.capacity() * 4).put(packed.flip());
        }
        packed.putLong(step).putLong(timestampMs).putLong(Double.doubleToRawLongBits(value));
    }

    private void newest(double value, long timestampMs, long step) {
        newestValue = value;
        newestTimestampMs = timestampMs;
        newestStep = step;
    }

    private boolean isAfterNewest(long timestampMs, long step) {
        return step > newestStep || step == newestStep && timestampMs > newestTimestampMs;
    }

    private boolean isNewOutOfOrder(MetricPoint point) {
        if (seen == null) {
            Set<MetricPoint> all = new HashSet<>();
            unpack(packed(), all::add);
            seen = all;
        }
        if (seen.contains(point)) {
            return false;
        }
        if (point.compareTo(newest()) > 0) {
            newest(point.value(), point.timestampMs(), point.step());
        }
        if (point.compareTo(first()) < 0) {
            first = point;
        }
        return true;
    }

    /** Adds what a later call logged, if all of it is after what is there; else does nothing. */
    boolean addedAfter(Points later) {
        MetricPoint next = later.first();
        if (!isAfterNewest(next.timestampMs(), next.step())) {
            return false;
        }
        newest(later.newestValue, later.newestTimestampMs, later.newestStep);
        seen = null;
        int size = packed.position() + later.packed.position();
        if (packed.capacity() < size) {
            packed = ByteBuffer.allocate(size * 2).put(packed.flip());
        }
        packed.put(later.packed.array(), 0, later.packed.position());
        return true;
    }

    /** The least by step, timestamp, value. */
    MetricPoint first() {
        if (first == null) {
            throw new IllegalStateException("points: none (expected: one or more)");
        }
        return first;
    }

    /** The greatest by step, timestamp, value. */
    MetricPoint newest() {
        return new MetricPoint(newestValue, newestTimestampMs, newestStep);
    }

    /** Gives all points, in logged order. */
    public void forEach(Consumer<MetricPoint> each) {
        unpack(packed(), each);
    }

    /** How many bytes {@link #packed} has. */
    int size() {
        return packed.position();
    }

    byte[] packed() {
        return Arrays.copyOf(packed.array(), packed.position());
    }

    /** How many bytes {@link #writeTo} writes. */
    int written() {
        return Integer.BYTES + 2 * BYTES + size();
    }

    /** Writes how many bytes the points have, the least and the greatest of them, and them. */
    void writeTo(ByteBuffer other) {
        other.putInt(size());
        put(other, first());
        put(other, newest());
        other.put(packed.array(), 0, size());
    }

    private static void put(ByteBuffer packed, MetricPoint point) {
        packed.putLong(point.step())
                .putLong(point.timestampMs())
                .putLong(Double.doubleToRawLongBits(point.value()));
    }

    /** Reads what {@link #writeTo} wrote. */
    static Points readFrom(ByteBuffer other) {
        Points points = new Points();
        points.packed = ByteBuffer.allocate(other.getInt());
        points.first = point(other);
        MetricPoint newest = point(other);
        points.newest(newest.value(), newest.timestampMs(), newest.step());
        int size = points.packed.capacity();
        points.packed.put(other.array(), other.position(), size);
        other.position(other.position() + size);
        return points;
    }

    private static MetricPoint point(ByteBuffer packed) {
        long step = packed.getLong();
        long timestampMs = packed.getLong();
        return new MetricPoint(Double.longBitsToDouble(packed.getLong()), timestampMs, step);
    }

    static void unpack(byte[] bytes, Consumer<MetricPoint> each) {
        ByteBuffer packed = ByteBuffer.wrap(bytes);
        while (packed.hasRemaining()) {
            each.accept(point(packed));
        }
    }
}
