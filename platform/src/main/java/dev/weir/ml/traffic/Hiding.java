package dev.weir.ml.traffic;

import dev.weir.ml.data.log.LogColumn;
import dev.weir.ml.data.log.RowBytes;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Puts pseudonyms in the place of what is to be hidden, between the ring and the file: what a disk
 * never saw, nobody finds there. Not for several threads at once.
 */
final class Hiding {
    private final Pseudonyms pseudonyms;
    private byte[] before = new byte[0];
    private String pseudonym;
    private MemorySegment into = MemorySegment.ofArray(new byte[1 << 12]);

    Hiding(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
        this.pseudonym = pseudonyms.of(before);
    }

    /** The bytes that {@link #hide} wrote. */
    MemorySegment bytes() {
        return into;
    }

    /** Copies a row with pseudonyms in it; answers its length. */
    int hide(LaneColumns columns, MemorySegment from, long at, int length) {
        long most = length + 40L * columns.raw().size();
        if (into.byteSize() < most) {
            into = MemorySegment.ofArray(new byte[(int) (2 * most)]);
        }
        MemorySegment.copy(from, at, into, 0, 4);
        long read = at + 4;
        long next = 4;
        for (int c = 0; c < columns.raw().size(); c++) {
            LogColumn.Kind kind = columns.raw().get(c).kind();
            long size = RowBytes.size(kind, from, read);
            if (!columns.hidden()[c]) {
                MemorySegment.copy(from, read, into, next, size);
                next += size;
            } else if (kind == LogColumn.Kind.TEXT) {
                next = RowBytes.text(into, next, text(from, read, (int) size - 4));
            } else {
                double value = RowBytes.number(from, read);
                next =
                        RowBytes.text(
                                into,
                                next,
                                Double.isNaN(value) ? null : pseudonyms.of(Double.toString(value)));
            }
            read += size;
        }
        return (int) next;
    }

    private @Nullable String text(MemorySegment from, long at, int length) {
        if (RowBytes.missingText(from, at)) {
            return null;
        }
        byte[] text = from.asSlice(at + 4, length).toArray(ValueLayout.JAVA_BYTE);
        if (!Arrays.equals(text, before)) { // key and assignment are often the same
            before = text;
            pseudonym = pseudonyms.of(text);
        }
        return pseudonym;
    }
}
