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
    private @Nullable MetricPoint newest;

    /** Those that are there, as soon as one did not come in the order of steps and times. */
    private @Nullable Set<MetricPoint> seen;

    /** Adds a point, if it is not there yet. */
    public void add(MetricPoint point) {
        if (newest == null) {
            first = point;
            newest = point;
        } else if (isAfter(point, newest)) {
            newest = point;
        } else if (!addedOutOfOrder(point)) {
            return;
        }
        if (seen != null) {
            seen.add(point);
        }
        if (packed.remaining() < BYTES) {
            packed = ByteBuffer.allocate(packed.capacity() * 4).put(packed.flip());
        }
        packed.putLong(point.step())
                .putLong(point.timestampMs())
                .putLong(Double.doubleToRawLongBits(point.value()));
    }

    private boolean addedOutOfOrder(MetricPoint point) {
        if (seen == null) {
            Set<MetricPoint> all = new HashSet<>();
            unpack(packed(), all::add);
            seen = all;
        }
        if (seen.contains(point)) {
            return false;
        }
        if (point.compareTo(newest()) > 0) {
            newest = point;
        }
        if (point.compareTo(first()) < 0) {
            first = point;
        }
        return true;
    }

    /** Adds what a later call logged, if all of it is after what is there; else does nothing. */
    boolean addedAfter(Points later) {
        if (!isAfter(later.first(), newest())) {
            return false;
        }
        newest = later.newest();
        seen = null;
        int size = packed.position() + later.packed.position();
        if (packed.capacity() < size) {
            packed = ByteBuffer.allocate(size * 2).put(packed.flip());
        }
        packed.put(later.packed.array(), 0, later.packed.position());
        return true;
    }

    private static boolean isAfter(MetricPoint point, MetricPoint before) {
        return point.step() > before.step()
                || point.step() == before.step() && point.timestampMs() > before.timestampMs();
    }

    /** The least by step, timestamp, value. */
    MetricPoint first() {
        return some(first);
    }

    /** The greatest by step, timestamp, value. */
    MetricPoint newest() {
        return some(newest);
    }

    private static MetricPoint some(@Nullable MetricPoint point) {
        if (point == null) {
            throw new IllegalStateException("points: none (expected: one or more)");
        }
        return point;
    }

    /** How many bytes {@link #packed} has. */
    int size() {
        return packed.position();
    }

    byte[] packed() {
        return Arrays.copyOf(packed.array(), packed.position());
    }

    void packInto(ByteBuffer other) {
        other.put(packed.array(), 0, packed.position());
    }

    static Points ofPacked(byte[] bytes) {
        Points points = new Points();
        points.packed = ByteBuffer.allocate(bytes.length);
        unpack(bytes, points::add);
        return points;
    }

    static void unpack(byte[] bytes, Consumer<MetricPoint> each) {
        ByteBuffer packed = ByteBuffer.wrap(bytes);
        while (packed.hasRemaining()) {
            long step = packed.getLong();
            long timestampMs = packed.getLong();
            each.accept(
                    new MetricPoint(Double.longBitsToDouble(packed.getLong()), timestampMs, step));
        }
    }
}
