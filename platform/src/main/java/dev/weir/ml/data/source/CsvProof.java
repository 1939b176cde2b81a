package dev.weir.ml.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Looks at each byte of a delimited file once, to prove two things: that the first rows told what
 * all rows would have told, and that every value is written so plainly that no two readers could
 * differ about it. It is stricter than {@link CsvRows} and {@link CellParser}, never laxer: what it
 * does not know is no proof.
 *
 * <p>The kinds of characters of a value are counted while its end is looked for, so that one sum
 * says what it is made of: eleven digits and nothing else, or a minus, a point and digits.
 */
final class CsvProof {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int MARK_BYTES = 3;

    /** DuckDB takes rows of 2,000,000 bytes. */
    private static final int LONGEST_ROW_BYTES = 1_900_000;

    /** No byte has this value. */
    private static final int NO_QUOTE = 256;

    private static final int NO_PROOF = -1;
    private static final int MORE = -2;
    private static final long STOP = Long.MIN_VALUE;

    private final PlainColumns columns;
    private final byte delimiter;
    private final int quote;
    private final long[] inside = PlainValue.kinds();
    private final long[] outside = PlainValue.kinds();

    private boolean heading;
    private long rows;
    private long returns;
    private long newlines;
    private boolean inLines;

    /** Whether the quoted value that was last seen has a doubled quote. */
    private boolean doubled;

    CsvProof(TableFormat.Csv format, PlainColumns columns) {
        Character quoted = format.quote();
        this.columns = columns;
        this.delimiter = (byte) format.delimiter();
        this.quote = quoted == null ? NO_QUOTE : quoted;
        this.heading = format.header();
        outside[delimiter] = STOP;
        outside['\n'] = STOP;
        outside['\r'] = STOP;
        outside[0] = STOP;
        if (quote != NO_QUOTE) {
            outside[quote] = STOP;
        }
    }

    /** Whether a file may be written so at all: the rest no two readers read alike. */
    static boolean possible(TableFormat.Csv format) {
        Character escape = format.escape();
        return ",;\t|".indexOf(format.delimiter()) >= 0
                && (format.quote() == null || format.quote() == '"' || format.quote() == '\'')
                && (escape == null || escape.equals(format.quote()))
                && !format.trim()
                && format.dates() == DateOrder.YEAR_FIRST
                && format.nulls().stream().noneMatch(n -> n.indexOf('"') >= 0)
                && format.nulls().stream().noneMatch(n -> n.indexOf('\'') >= 0);
    }

    /** How many rows it has, without the heading. */
    long rows() {
        return rows;
    }

    /** Whether its lines end in CR LF. */
    boolean carriageReturns() {
        return returns > 0;
    }

    /** Whether a row may go over several lines. */
    boolean inLines() {
        return inLines;
    }

    /** Looks at all of a file, once. */
    boolean holds(Path file) throws IOException {
        return read(file) && rows > 0 && (returns == 0 || returns == newlines);
    }

    private boolean read(Path file) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int kept = 0;
        boolean begin = true;
        try (InputStream in = Files.newInputStream(file)) {
            while (true) {
                int limit = kept + in.readNBytes(buffer, kept, buffer.length - kept);
                boolean last = limit < buffer.length;
                int row = begin && marked(buffer, limit) ? MARK_BYTES : 0;
                begin = false;
                int next = row;
                while (next >= 0 && next < limit) {
                    row = next;
                    next = row(buffer, row, limit, last);
                }
                if (next == NO_PROOF || last) {
                    return next == limit;
                }
                int used = next == MORE ? row : next;
                if (used == 0 && buffer.length > LONGEST_ROW_BYTES) {
                    return false;
                }
                kept = limit - used;
                System.arraycopy(buffer, used, buffer, 0, kept);
                if (used == 0) {
                    buffer = Arrays.copyOf(buffer, buffer.length * 2);
                }
            }
        }
    }

    /** Whether the file begins with UTF-8's byte order mark. */
    private static boolean marked(byte[] b, int limit) {
        return limit >= MARK_BYTES
                && b[0] == (byte) 0xEF
                && b[1] == (byte) 0xBB
                && b[2] == (byte) 0xBF;
    }

    /** Where the row ends that begins here, or {@link #MORE}, or {@link #NO_PROOF}. */
    private int row(byte[] b, int from, int limit, boolean last) {
        long[] kinds = outside;
        int lastColumn = columns.width() - 1;
        int p = from;
        columns.begin();
        for (int c = 0; ; c++) {
            int start = p;
            if (p < limit && b[p] == quote) {
                int end = closing(b, p + 1, limit, last);
                if (end < 0) {
                    return end;
                }
                if (!quoted(c, b, start + 1, end)) {
                    return NO_PROOF;
                }
                p = end + 1;
            } else {
                long made = 0;
                while (p < limit) {
                    long kind = kinds[b[p] & 0xFF];
                    if (kind < 0) {
                        break;
                    }
                    made += kind;
                    p++;
                }
                if ((p < limit || last) && !value(c, b, start, p, made)) {
                    return NO_PROOF;
                }
            }
            if (p >= limit && !last) {
                return MORE;
            }
            if (p < limit && b[p] == delimiter && c < lastColumn) {
                p++;
                continue;
            }
            return c == lastColumn ? ended(b, p, limit, last) : NO_PROOF;
        }
    }

    /** The row has all its values; what comes behind them must be its end. */
    private int ended(byte[] b, int at, int limit, boolean last) {
        int p = at;
        boolean returned = p < limit && b[p] == '\r';
        if (returned && ++p >= limit && !last) {
            return MORE;
        }
        if (p < limit ? b[p] != '\n' : returned) {
            return NO_PROOF;
        }
        returns += returned ? 1 : 0;
        newlines += p < limit ? 1 : 0;
        if (heading) {
            heading = false;
        } else {
            rows++;
            columns.end();
        }
        return Math.min(p + 1, limit);
    }

    /** Where the quote stands that ends a quoted value. */
    private int closing(byte[] b, int from, int limit, boolean last) {
        doubled = false;
        int p = from;
        while (true) {
            while (p < limit && b[p] != quote) {
                if (b[p] == '\n') {
                    inLines = true;
                }
                if (b[p] == '\r' || b[p] == 0 || (heading && b[p] == '\n')) {
                    return NO_PROOF;
                }
                p++;
            }
            if (p + 1 >= limit && !last) {
                return MORE;
            }
            if (p >= limit) {
                return NO_PROOF;
            }
            if (p + 1 >= limit || b[p + 1] != quote) {
                return p;
            }
            doubled = true;
            p += 2;
        }
    }

    private boolean quoted(int c, byte[] b, int start, int end) {
        if (doubled && (heading || !columns.mayDouble(c))) {
            return false;
        }
        long made = 0;
        for (int p = start; p < end; p++) {
            made += inside[b[p] & 0xFF];
        }
        return value(c, b, start, end, made);
    }

    private boolean value(int c, byte[] b, int start, int end, long made) {
        return heading
                ? PlainValue.text(b, start, end, made)
                : columns.takes(c, b, start, end, made);
    }
}
