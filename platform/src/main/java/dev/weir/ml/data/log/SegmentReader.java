package dev.weir.ml.data.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads the frames of a segment, also of one that is being written, up to the first that is not
 * whole: there a writer is at work, or has died.
 */
final class SegmentReader {
    private SegmentReader() {}

    /** Takes frames. */
    interface Taker {
        /** Rows with this number mean that, from here on. */
        void layout(int number, Layout layout);

        /** A row: its bytes, the number of the layout first. */
        void row(MemorySegment bytes, long at, int length);

        /** Rows that are not here. */
        void lost(long micros, Loss loss, long rows);
    }

    /**
     * Hands over all frames in their order.
     *
     * @param most where to end at the latest, in bytes
     * @return where the last whole frame ends
     */
    static long read(Path segment, long most, Taker taker) throws IOException {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            long size = Math.min(file.size(), most);
            MemorySegment bytes = arena.allocate(Math.max(size, 1));
            ByteBuffer[] parts = parts(bytes, size);
            for (ByteBuffer part : parts) {
                while (part.hasRemaining() && file.read(part) >= 0) {}
            }
            return frames(bytes, size, taker);
        }
    }

    private static ByteBuffer[] parts(MemorySegment bytes, long size) {
        int most = 1 << 30;
        ByteBuffer[] parts = new ByteBuffer[(int) ((size + most - 1) / most)];
        for (int i = 0; i < parts.length; i++) {
            long from = (long) i * most;
            parts[i] = bytes.asSlice(from, Math.min(most, size - from)).asByteBuffer();
        }
        return parts;
    }

    private static long frames(MemorySegment bytes, long size, Taker taker) {
        byte[] magic = SegmentWriter.MAGIC;
        if (size < magic.length
                || !Arrays.equals(
                        bytes.asSlice(0, magic.length).toArray(ValueLayout.JAVA_BYTE), magic)) {
            return 0;
        }
        CRC32C crc = new CRC32C();
        long at = magic.length;
        while (at + SegmentWriter.HEAD < size) {
            int length = bytes.get(RowBytes.INT, at);
            long body = at + SegmentWriter.HEAD;
            if (length < 1 || length > SegmentWriter.LARGEST || body + length > size) {
                break;
            }
            crc.reset();
            crc.update(bytes.asSlice(body, length).asByteBuffer());
            if ((int) crc.getValue() != bytes.get(RowBytes.INT, at + 4)) {
                break;
            }
            frame(bytes, body, length, taker);
            at = body + length;
        }
        return at;
    }

    private static void frame(MemorySegment bytes, long body, int length, Taker taker) {
        long at = body + 1;
        byte kind = bytes.get(ValueLayout.JAVA_BYTE, body);
        switch (kind) {
            case SegmentWriter.LAYOUT ->
                    taker.layout(
                            bytes.get(RowBytes.INT, at),
                            Layout.of(
                                    bytes.asSlice(at + 4, length - 5L)
                                            .toArray(ValueLayout.JAVA_BYTE)));
            case SegmentWriter.ROW -> taker.row(bytes, at, length - 1);
            case SegmentWriter.LOST ->
                    taker.lost(
                            bytes.get(RowBytes.LONG, at),
                            Loss.values()[bytes.get(ValueLayout.JAVA_BYTE, at + 8)],
                            bytes.get(RowBytes.LONG, at + 9));
            default ->
                    throw new IllegalStateException(
                            "frame of kind " + kind + " (expected: 1 to 3; a newer Weir wrote it)");
        }
    }
}
