package dev.weir.ml.data.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Knows which texts a format declares to mean a missing value. */
final class Missing {
    private final byte[][] texts;

    Missing(List<String> nulls) {
        texts = nulls.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    /** Whether this value of a row is missing. */
    boolean is(TextRows row, int cell) {
        if (row.absent(cell)) {
            return true;
        }
        int start = row.start(cell);
        int length = row.end(cell) - start;
        for (byte[] text : texts) {
            if (text.length == length
                    && Arrays.equals(row.bytes(), start, start + length, text, 0, length)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this text means a missing value. */
    boolean isText(byte[] value) {
        for (byte[] text : texts) {
            if (Arrays.equals(text, value)) {
                return true;
            }
        }
        return false;
    }

    /** Shows each value of a row that is not missing to its column's guess. */
    void take(TextRows row, List<ColumnGuess> guesses, boolean otherTextsMayBeMissing) {
        int cells = Math.min(row.cells(), guesses.size());
        for (int c = 0; c < cells; c++) {
            if (!is(row, c)) {
                guesses.get(c)
                        .take(
                                row.bytes(),
                                row.start(c),
                                row.end(c),
                                row.isText(c),
                                otherTextsMayBeMissing);
            }
        }
    }
}
