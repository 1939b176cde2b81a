package dev.weir.ml.traffic;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bounded buffer of records, for many writers and one reader, none of whom waits for another: a
 * writer claims a stretch by compare-and-set, fills it, and then marks it whole; the reader takes
 * what is whole, in the order of claims (the algorithm of Aeron's ManyToOneRingBuffer).
 *
 * <p>A record is 8 bytes of head, then its bytes, up to a multiple of 8. The first integer of the
 * head is how far the next record is, or 0 while this one is not whole; the second how many bytes
 * were used. What wraps around is never cut: the stretch before the end is skipped, with its length
 * written as a negative number.
 */
final class Ring {
    private static final int HEAD = 8;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment memory;
    private final int capacity;
    private final AtomicLong tail = new AtomicLong();

    /** Where the reader stands; written by the reader alone. */
    private final AtomicLong head = new AtomicLong();

    /** Takes the bytes of a record, which are good until it returns. */
    interface Taker {
        void take(MemorySegment memory, long at, int length);
    }

    /**
     * @param capacity bytes; a power of two, at least 64
     */
    Ring(int capacity) {
        if (capacity < 64 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    "capacity: " + capacity + " (expected: a power of two, at least 64)");
        }
        this.capacity = capacity;
        this.memory = MemorySegment.ofArray(new long[capacity / Long.BYTES]);
    }

    /** The most bytes that one record may claim. */
    int largest() {
        return capacity / 4 - HEAD;
    }

    MemorySegment memory() {
        return memory;
    }

    /** Bytes that are claimed and not yet read. */
    long used() {
        return tail.get() - head.get();
    }

    int capacity() {
        return capacity;
    }

    /** Room for a record of at most this many bytes: where it begins, or -1 where there is none. */
    int claim(int most) {
        int length = (most + HEAD + 7) & -8;
        while (true) {
            long read = head.get();
            long from = tail.get();
            int at = (int) (from & (capacity - 1));
            int skipped = length > capacity - at ? capacity - at : 0;
            if (from + skipped + length - read > capacity) {
                return -1;
            }
            if (tail.compareAndSet(from, from + skipped + length)) {
                if (skipped > 0) {
                    INT.setRelease(memory, (long) at, -skipped);
                    at = 0;
                }
                return at + HEAD;
            }
        }
    }

    /**
     * Marks a record as whole.
     *
     * @param at where it begins, as {@link #claim} said
     * @param most as it was claimed
     * @param used how many of these bytes were used; 0 has the record skipped
     */
    void publish(int at, int most, int used) {
        memory.set(ValueLayout.JAVA_INT, at - 4L, used);
        INT.setRelease(memory, at - (long) HEAD, (most + HEAD + 7) & -8);
    }

    /** Hands over what is whole; how many records that were. Only one thread may read. */
    int read(Taker taker) {
        int records = 0;
        long from = head.get();
        long end = from + capacity;
        while (from < end) {
            int at = (int) (from & (capacity - 1));
            int length = (int) INT.getAcquire(memory, (long) at);
            if (length == 0) {
                break;
            }
            int whole = Math.abs(length);
            if (length > 0) {
                int used = memory.get(ValueLayout.JAVA_INT, at + 4L);
                if (used > 0) {
                    taker.take(memory, at + (long) HEAD, used);
                    records++;
                }
            }
            memory.asSlice(at, whole).fill((byte) 0);
            from += whole;
            head.set(from);
        }
        return records;
    }
}
