package dev.weir.store.meta;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The file of an {@link Intake}: a page that all processes of a home share in memory, then entries,
 * one after another, from the beginning again whenever the tables have them all.
 *
 * <p>An entry is its length (4 bytes), CRC-32C of what follows (4), its number (8) and its bytes,
 * big-endian. Numbers grow by one; the entries that count are those from the first on until a
 * number is not the next one or a checksum is wrong. What the shared page says is a hint between
 * processes that are alive, and worth nothing after a power cut.
 */
final class IntakeFile implements AutoCloseable {
    private static final long MAGIC = 0x7765_6972_696e_3031L; // weirin01
    private static final int PAGE = 4096;
    private static final int AT_MAGIC = 0;
    private static final int AT_LAST = 8;
    private static final int AT_CARRIED = 16;
    private static final int AT_STAMP = 24;
    private static final int AT_OWNER = 32;

    private static final int HEAD = 16;

    /** Of the whole file, once somebody appends. */
    private static final int CAPACITY = 1 << 20;

    /** Of all that is appended at once. */
    static final int ROOM = CAPACITY - PAGE;

    private final Path path;
    private final FileChannel channel;
    private final MappedByteBuffer page;
    private @Nullable FileChannel lock;

    /** Where the next entry goes; of the one who owns the file. */
    private long end = PAGE;

    private boolean prepared;

    private IntakeFile(Path path, FileChannel channel, MappedByteBuffer page) {
        this.path = path;
        this.channel = channel;
        this.page = page;
    }

    /** Opens the file, made where there is none. */
    static IntakeFile open(Path path) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            try {
                MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, PAGE);
                if (page.getLong(AT_MAGIC) == 0) {
                    page.putLong(AT_MAGIC, MAGIC);
                }
                if (page.getLong(AT_MAGIC) != MAGIC) {
                    throw Problem.input(
                                    "database.intake",
                                    path + ": not an intake of this version of Weir")
                            .exception();
                }
                return new IntakeFile(path, channel, page);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }

    /** An entry as it stands in the file. */
    record Entry(long number, byte[] bytes) {}

    /** The entries that count, whether or not the tables have them. */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        ByteBuffer all = content();
        CRC32C crc = new CRC32C();
        long expected = -1;
        while (all.remaining() >= HEAD) {
            int length = all.getInt();
            int sum = all.getInt();
            if (length < 0 || length > all.remaining() - Long.BYTES) {
                break;
            }
            crc.reset();
            crc.update(all.slice(all.position(), Long.BYTES + length));
            long number = all.getLong();
            if ((int) crc.getValue() != sum || number <= 0 || expected > 0 && number != expected) {
                break;
            }
            byte[] bytes = new byte[length];
            all.get(bytes);
            entries.add(new Entry(number, bytes));
            expected = number + 1;
        }
        return entries;
    }

    private ByteBuffer content() {
        try {
            long size = channel.size();
            ByteBuffer all = ByteBuffer.allocate((int) Math.clamp(size - PAGE, 0, ROOM));
            while (all.hasRemaining() && channel.read(all, PAGE + all.position()) >= 0) {
                // until it is whole
            }
            return all.flip();
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }

    /** How many bytes an entry takes. */
    static int sizeOf(byte[] entry) {
        return HEAD + entry.length;
    }

    /** Writes an entry where the buffer stands. */
    static void put(ByteBuffer buffer, long number, byte[] entry) {
        int start = buffer.position();
        buffer.putInt(entry.length).putInt(0).putLong(number).put(entry);
        CRC32C crc = new CRC32C();
        crc.update(buffer.array(), start + 8, Long.BYTES + entry.length);
        buffer.putInt(start + 4, (int) crc.getValue());
    }

    /** Whether so many bytes fit behind what is there. */
    boolean fits(int bytes) {
        return end + bytes <= CAPACITY;
    }

    /** The next entry goes to the beginning: the tables have all that is there. */
    void again() {
        end = PAGE;
    }

    /** Appends entries; they are on the disk when this returns. */
    void append(ByteBuffer entries) throws IOException {
        prepare();
        long at = end;
        while (entries.hasRemaining()) {
            at += channel.write(entries, at);
        }
        channel.force(false);
        end = at;
    }

    /** A file that does not grow, and has no holes, costs less to force. */
    private void prepare() throws IOException {
        if (prepared) {
            return;
        }
        long size = Math.max(channel.size(), PAGE);
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.max(0, CAPACITY - size));
        while (zeros.hasRemaining()) {
            if (channel.write(zeros, size + zeros.position()) < 0) {
                throw new EOFException(path.toString());
            }
        }
        channel.force(true);
        prepared = true;
    }

    /** The number of the last entry that is durable. */
    long last() {
        return shared(AT_LAST);
    }

    void last(long number) {
        share(AT_LAST, number);
    }

    /** The number of the last entry that is in the tables. */
    long carried() {
        return shared(AT_CARRIED);
    }

    void carried(long number) {
        share(AT_CARRIED, number);
    }

    /** What changes with each change of the tables. */
    long stamp() {
        return shared(AT_STAMP);
    }

    void stamp(long stamp) {
        share(AT_STAMP, stamp);
    }

    private long shared(int at) {
        long value = page.getLong(at);
        VarHandle.acquireFence();
        return value;
    }

    private void share(int at, long value) {
        VarHandle.releaseFence();
        page.putLong(at, value);
        VarHandle.fullFence();
    }

    /** Whether this process may append from now on: one of all processes may. */
    boolean own() {
        if (lock != null || shared(AT_OWNER) == thisProcess()) {
            return false; // to open the lock's file once more would free it
        }
        try {
            FileChannel opened =
                    FileChannel.open(
                            path.resolveSibling(path.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            try {
                FileLock taken = opened.tryLock();
                if (taken != null) {
                    lock = opened;
                    share(AT_OWNER, thisProcess());
                    return true;
                }
            } catch (OverlappingFileLockException e) {
                throw new IllegalStateException(path + ": owned in this process already", e);
            } finally {
                if (lock == null) {
                    opened.close();
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }

    /** Never that of another process, also where containers have the same ids. */
    private static long thisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return self.pid() << 44
                ^ self.info().startInstant().map(start -> start.toEpochMilli()).orElse(1L);
    }

    /** Nobody owns the file any more; where the tables have all, it is small again. */
    void disown(boolean empty) throws IOException {
        FileChannel held = lock;
        if (held != null) {
            if (empty) {
                channel.truncate(PAGE);
            }
            share(AT_OWNER, 0);
            lock = null;
            held.close();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
