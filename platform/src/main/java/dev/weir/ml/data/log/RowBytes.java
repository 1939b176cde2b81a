package dev.weir.ml.data.log;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Writes the values of a row into memory, one behind the other, as {@link LogColumn.Kind} says;
 * little-endian, nothing aligned. A row begins with the number of its layout. Each method answers
 * where the next value begins.
 */
public final class RowBytes {
    static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Stands for a missing whole number or time. */
    public static final long MISSING = Long.MIN_VALUE;

    private RowBytes() {}

    /** The number of the layout, at the beginning of a row. */
    public static long layout(MemorySegment to, long at, int number) {
        to.set(INT, at, number);
        return at + 4;
    }

    /** A value of {@link LogColumn.Kind#NUMBER}. */
    public static long number(MemorySegment to, long at, double value) {
        to.set(DOUBLE, at, value);
        return at + 8;
    }

    /** A value of {@link LogColumn.Kind#REAL}. */
    public static long real(MemorySegment to, long at, float value) {
        to.set(FLOAT, at, value);
        return at + 4;
    }

    /** A value of {@link LogColumn.Kind#WHOLE} or {@link LogColumn.Kind#TIME}. */
    public static long whole(MemorySegment to, long at, long value) {
        to.set(LONG, at, value);
        return at + 8;
    }

    /** How many bytes a value takes that stands at a place. */
    public static long size(LogColumn.Kind kind, MemorySegment from, long at) {
        return switch (kind) {
            case NUMBER, WHOLE, TIME -> 8;
            case REAL -> 4;
            case TEXT -> 4L + Math.max(from.get(INT, at), 0);
        };
    }

    /** The number of the layout at the beginning of a row. */
    public static int layout(MemorySegment from, long at) {
        return from.get(INT, at);
    }

    /** The value of {@link LogColumn.Kind#NUMBER} at a place. */
    public static double number(MemorySegment from, long at) {
        return from.get(DOUBLE, at);
    }

    /** Whether the text at a place is missing. */
    public static boolean missingText(MemorySegment from, long at) {
        return from.get(INT, at) < 0;
    }

    /** How many bytes a text takes at most. */
    public static int most(@Nullable String text) {
        return text == null ? 4 : 4 + 3 * text.length();
    }

    /** A value of {@link LogColumn.Kind#TEXT}; half a surrogate pair becomes a question mark. */
    public static long text(MemorySegment to, long at, @Nullable String text) {
        if (text == null) {
            to.set(INT, at, -1);
            return at + 4;
        }
        long begin = at + 4;
        long next = begin;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                to.set(ValueLayout.JAVA_BYTE, next++, (byte) c);
            } else if (c < 0x800) {
                to.set(ValueLayout.JAVA_BYTE, next++, (byte) (0xc0 | c >> 6));
                to.set(ValueLayout.JAVA_BYTE, next++, (byte) (0x80 | c & 0x3f));
            } else if (!Character.isSurrogate(c)) {
                next = three(to, next, c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < length
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                next = four(to, next, Character.toCodePoint(c, text.charAt(++i)));
            } else {
                to.set(ValueLayout.JAVA_BYTE, next++, (byte) '?');
            }
        }
        to.set(INT, at, (int) (next - begin));
        return next;
    }

    /** Says how long a text is whose bytes stand 4 behind {@code at} already. */
    public static long filled(MemorySegment to, long at, int length) {
        to.set(INT, at, length);
        return at + 4 + length;
    }

    private static long three(MemorySegment to, long at, int c) {
        to.set(ValueLayout.JAVA_BYTE, at, (byte) (0xe0 | c >> 12));
        to.set(ValueLayout.JAVA_BYTE, at + 1, (byte) (0x80 | c >> 6 & 0x3f));
        to.set(ValueLayout.JAVA_BYTE, at + 2, (byte) (0x80 | c & 0x3f));
        return at + 3;
    }

    private static long four(MemorySegment to, long at, int c) {
        to.set(ValueLayout.JAVA_BYTE, at, (byte) (0xf0 | c >> 18));
        to.set(ValueLayout.JAVA_BYTE, at + 1, (byte) (0x80 | c >> 12 & 0x3f));
        to.set(ValueLayout.JAVA_BYTE, at + 2, (byte) (0x80 | c >> 6 & 0x3f));
        to.set(ValueLayout.JAVA_BYTE, at + 3, (byte) (0x80 | c & 0x3f));
        return at + 4;
    }
}
