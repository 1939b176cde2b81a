package dev.weir.ml.tracking;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * The packed form of metric points: 24 bytes each, big-endian: step, timestamp in milliseconds, the
 * IEEE 754 bits of the value, so that every double comes back as it was.
 */
final class Points {
    private static final int BYTES = 24;

    private Points() {}

    static byte[] pack(Collection<MetricPoint> points) {
        ByteBuffer packed = ByteBuffer.allocate(points.size() * BYTES);
        for (MetricPoint point : points) {
            packed.putLong(point.step());
            packed.putLong(point.timestampMs());
            packed.putLong(Double.doubleToRawLongBits(point.value()));
        }
        return packed.array();
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
