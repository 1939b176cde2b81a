package dev.weir.ml.data.log;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Appends frames to a segment that is this writer's alone. What was written is gathered, and goes
 * to the file by {@link #flush}; a power cut spares what {@link #sync} answered for. Not for
 * several threads at once.
 *
 * <p>A file begins with {@code WEIRLOG1}. A frame is its length, CRC-32C (RFC 3720) of its body,
 * and its body: a byte that says what it is, and that.
 */
public final class SegmentWriter implements AutoCloseable {
    static final byte[] MAGIC = "WEIRLOG1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    static final byte LAYOUT = 1;
    static final byte ROW = 2;
    static final byte LOST = 3;
    static final int HEAD = 8;

    /** No frame is larger. */
    static final int LARGEST = 1 << 26;

    private static final int BUFFER_BYTES = 1 << 18;

    private final Path open;
    private final FileChannel file;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private MemorySegment view = MemorySegment.ofBuffer(buffer.duplicate().clear());
    private long written;
    private long synced;
    private long gathered;
    private long rows;

    /** Whether bytes may stand in the file behind those that count. */
    private boolean torn;

    private SegmentWriter(Path open, FileChannel file, FileChannel lockFile, FileLock lock) {
        this.open = open;
        this.file = file;
        this.lockFile = lockFile;
        this.lock = lock;
        buffer.put(MAGIC);
    }

    /**
     * Begins a segment.
     *
     * @param open where; not there yet, its folder is
     */
    static SegmentWriter begin(Path open) throws IOException {
        FileChannel lockFile =
                FileChannel.open(lockOf(open), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = lockFile.lock(); // before there is a segment that somebody may take
            FileChannel file =
                    FileChannel.open(open, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new SegmentWriter(open, file, lockFile, lock);
        } catch (IOException e) {
            lockFile.close();
            throw e;
        }
    }

    static Path lockOf(Path open) {
        return open.resolveSibling(name(open) + ".lock");
    }

    static Path closedOf(Path open) {
        return open.resolveSibling(name(open) + ".log");
    }

    private static String name(Path open) {
        String name = String.valueOf(open.getFileName());
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** Bytes in the file and gathered for it. */
    public long size() {
        return written + buffer.position();
    }

    /** Rows that are in the file. */
    public long rows() {
        return rows;
    }

    /** Says what rows with this number mean, from here on. */
    public void layout(int number, Layout layout) throws IOException {
        byte[] json = layout.bytes();
        int at = frame(LAYOUT, 4 + json.length);
        view.set(RowBytes.INT, at, number);
        MemorySegment.copy(json, 0, view, ValueLayout.JAVA_BYTE, at + 4L, json.length);
        seal(at, 4 + json.length);
    }

    /** Appends a row: its bytes, the number of the layout first. */
    public void row(MemorySegment from, long offset, int length) throws IOException {
        int at = frame(ROW, length);
        MemorySegment.copy(from, offset, view, at, length);
        seal(at, length);
        gathered++;
    }

    /**
     * Says that rows are not here that should be.
     *
     * @param micros when, since the epoch
     */
    public void lost(long micros, Loss loss, long rows) throws IOException {
        int at = frame(LOST, 17);
        view.set(RowBytes.LONG, at, micros);
        view.set(ValueLayout.JAVA_BYTE, at + 8L, (byte) loss.ordinal());
        view.set(RowBytes.LONG, at + 9L, rows);
        seal(at, 17);
    }

    /** Makes room for a frame; answers where what it says begins. */
    private int frame(byte kind, int length) throws IOException {
        int whole = HEAD + 1 + length;
        if (whole > LARGEST) {
            throw new IllegalArgumentException(
                    "frame: " + whole + " bytes (expected: at most " + LARGEST + ")");
        }
        if (buffer.remaining() < whole) {
            flush();
            if (buffer.remaining() < whole) {
                buffer = ByteBuffer.allocate(whole).order(ByteOrder.LITTLE_ENDIAN);
                view = MemorySegment.ofBuffer(buffer.duplicate().clear());
            }
        }
        int at = buffer.position();
        buffer.put(at + HEAD, kind);
        return at + HEAD + 1;
    }

    private void seal(int at, int length) {
        int begin = at - HEAD - 1;
        crc.reset();
        crc.update(buffer.array(), begin + HEAD, length + 1);
        buffer.putInt(begin, length + 1);
        buffer.putInt(begin + 4, (int) crc.getValue());
        buffer.position(begin + HEAD + 1 + length);
    }

    /**
     * Writes what is gathered to the file. Where that fails, all that was gathered is gone, layouts
     * included; what a reader finds of it ends in the middle of a frame, and is cut before more is
     * written.
     */
    public void flush() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        buffer.flip();
        int length = buffer.remaining();
        try {
            if (torn) {
                file.truncate(written);
                file.position(written);
            }
            torn = true;
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            torn = false;
            written += length;
            rows += gathered;
        } finally {
            buffer.clear();
            gathered = 0;
            if (written == 0) {
                buffer.put(MAGIC);
            }
        }
    }

    /** Writes what is gathered, and waits until the disk has it. */
    public void sync() throws IOException {
        flush();
        if (synced < written) {
            file.force(false);
            synced = written;
        }
    }

    /** Ends the segment: others may take it from here on. An empty one is removed. */
    @Override
    public void close() throws IOException {
        try (lockFile;
                lock) {
            try (file) {
                sync();
            }
            if (written <= MAGIC.length) {
                Files.delete(open);
            } else {
                Files.move(open, closedOf(open), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.delete(lockOf(open));
        }
    }
}
