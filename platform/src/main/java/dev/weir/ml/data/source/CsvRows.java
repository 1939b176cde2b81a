package dev.weir.ml.data.source;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Findings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Splits delimited text into values: the one tokenizer, for guessing and for reading alike, so that
 * both see the same table. Works on bytes; in UTF-8 no byte of a longer character equals an ASCII
 * delimiter. A row that does not end in the buffer is scanned again after more was read.
 */
final class CsvRows implements TextRows {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int LONGEST_ROW_BYTES = 1 << 28;

    private enum Scan {
        ROW,
        MORE,
        END
    }

    private enum Fault {
        NONE,
        UNTERMINATED,
        AFTER_QUOTE
    }

    private final Path file;
    private final InputStream in;
    private final byte delimiter;
    private final int quote;
    private final int escape;
    private final boolean trim;
    private final Findings findings;

    private byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private boolean ended;
    private long nextLine = 1;

    private int rowStart;
    private long rowLine;
    private boolean oneLine;
    private int cells;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private byte[] flags = new byte[64];
    private Fault fault = Fault.NONE;
    private int faultCell;
    private boolean saidNotUtf8;

    private static final byte NOT_ASCII = 1;
    private static final byte ESCAPED = 2;

    CsvRows(Path file, TableFormat.Csv format, Findings findings) throws IOException {
        this.file = file;
        this.in = Files.newInputStream(file);
        this.delimiter = (byte) format.delimiter();
        Character quoted = format.quote();
        Character escaped = format.escape();
        this.quote = quoted == null ? -1 : quoted;
        this.escape = escaped == null ? this.quote : escaped;
        this.trim = format.trim();
        this.findings = findings;
        fill();
        skipMark();
    }

    /** A byte order mark is no part of the first name; other encodings are named as such. */
    private void skipMark() {
        if (limit >= 3
                && buffer[0] == (byte) 0xEF
                && buffer[1] == (byte) 0xBB
                && buffer[2] == (byte) 0xBF) {
            position = 3;
        }
        String instead = Binary.kindOf(buffer, limit);
        if (instead != null) {
            throw Problem.input("table.not-text", instead + " (expected: text in UTF-8)")
                    .at(Place.of(file))
                    .hint(Binary.hint(instead))
                    .exception();
        }
    }

    @Override
    public boolean next() throws IOException {
        while (true) {
            Scan scan = scan();
            while (scan == Scan.MORE) {
                fill();
                scan = scan();
            }
            if (scan == Scan.END) {
                return false;
            }
            if (!blank()) {
                finish();
                return true;
            }
        }
    }

    /** A row without a byte; in a table of one column it is a missing value, but not at the end. */
    private boolean blank() throws IOException {
        if (cells > 1 || starts[0] != ends[0] || buffer[rowStart] == quote) {
            return false;
        }
        if (width > 1) {
            return true;
        }
        if (position >= limit && !ended) {
            fill();
        }
        return position >= limit;
    }

    private int width = Integer.MAX_VALUE;

    /** Says how many columns the table has: with one, a blank line inside is a row. */
    void width(int columns) {
        width = columns;
    }

    private Scan scan() {
        byte[] bytes = buffer;
        int p = position;
        int newlines = 0;
        int stop = limit;
        if (p >= stop) {
            return ended ? Scan.END : Scan.MORE;
        }
        rowStart = p;
        rowLine = nextLine;
        cells = 0;
        fault = Fault.NONE;
        while (true) {
            if (trim) {
                p = skipBlanks(p);
            }
            int start = p;
            int end;
            int or = 0;
            byte flag = 0;
            if (p < stop && bytes[p] == quote) {
                start = ++p;
                int opened = cells;
                while (true) {
                    if (p >= stop) {
                        if (!ended) {
                            return Scan.MORE;
                        }
                        fault = Fault.UNTERMINATED;
                        faultCell = opened;
                        break;
                    }
                    byte b = bytes[p];
                    if (b == escape || b == quote) {
                        if (p + 1 >= stop && !ended) {
                            return Scan.MORE;
                        }
                        boolean pair =
                                b == escape
                                        && p + 1 < stop
                                        && (bytes[p + 1] == quote || bytes[p + 1] == escape);
                        if (pair) {
                            flag |= ESCAPED;
                            p += 2;
                            continue;
                        }
                        if (b == quote) {
                            break;
                        }
                    }
                    if (b == '\n') {
                        newlines++;
                    }
                    or |= b;
                    p++;
                }
                end = p;
                p = Math.min(p + 1, stop);
                int after = p;
                while (p < stop && bytes[p] != delimiter && bytes[p] != '\n') {
                    p++;
                }
                if (p >= stop && !ended) {
                    return Scan.MORE;
                }
                if (fault == Fault.NONE && !onlyBlanks(after, p)) {
                    fault = Fault.AFTER_QUOTE;
                    faultCell = opened;
                }
            } else {
                while (p < stop) {
                    byte b = bytes[p];
                    if (b == delimiter || b == '\n') {
                        break;
                    }
                    or |= b;
                    p++;
                }
                if (p >= stop && !ended) {
                    return Scan.MORE;
                }
                end = p;
                if (end > start && bytes[end - 1] == '\r' && (p >= stop || bytes[p] == '\n')) {
                    end--;
                }
                while (trim && end > start && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
                    end--;
                }
            }
            if (cells == starts.length) {
                grow();
            }
            starts[cells] = start;
            ends[cells] = end;
            flags[cells++] = or < 0 ? (byte) (flag | NOT_ASCII) : flag;
            if (p < stop && bytes[p] == delimiter) {
                p++;
                continue;
            }
            if (p < stop) {
                p++;
                newlines++;
            }
            oneLine = newlines <= 1;
            nextLine += newlines;
            position = p;
            return Scan.ROW;
        }
    }

    private int skipBlanks(int from) {
        int p = from;
        while (p < limit && (buffer[p] == ' ' || buffer[p] == '\t') && buffer[p] != delimiter) {
            p++;
        }
        return p;
    }

    private boolean onlyBlanks(int from, int to) {
        for (int p = from; p < to; p++) {
            if (buffer[p] != ' ' && buffer[p] != '\r') {
                return false;
            }
        }
        return true;
    }

    private void grow() {
        starts = Arrays.copyOf(starts, cells * 2);
        ends = Arrays.copyOf(ends, cells * 2);
        flags = Arrays.copyOf(flags, cells * 2);
    }

    /** What is done once for a whole row: faults, encoding, escapes. */
    private void finish() {
        if (fault != Fault.NONE) {
            boolean open = fault == Fault.UNTERMINATED;
            findings.add(
                    Problem.input(
                                    "table.quote",
                                    open
                                            ? "a quoted value begins here and does not end"
                                            : "text after the closing quote of value "
                                                    + (faultCell + 1)
                                                    + " (expected: the delimiter)")
                            .at(place(faultCell))
                            .hint(
                                    "A quote inside a quoted value is doubled. Where quotes mean"
                                            + " nothing in this file, say quote: none."));
        }
        for (int c = 0; c < cells; c++) {
            if (flags[c] == 0) {
                continue;
            }
            if ((flags[c] & NOT_ASCII) != 0) {
                checkUtf8(c);
            }
            if ((flags[c] & ESCAPED) != 0) {
                unescape(c);
            }
        }
    }

    private void checkUtf8(int cell) {
        int bad = Binary.firstBad(buffer, starts[cell], ends[cell]);
        if (bad >= 0 && !saidNotUtf8) {
            saidNotUtf8 = true;
            findings.add(
                    Problem.input(
                                    "table.encoding",
                                    String.format(
                                            "byte 0x%02X is not UTF-8 (expected: text in UTF-8)",
                                            buffer[bad]))
                            .at(place(cell))
                            .hint(
                                    "Convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8 "
                                            + file.getFileName()));
        }
    }

    private void unescape(int cell) {
        int to = starts[cell];
        int end = ends[cell];
        for (int p = starts[cell]; p < end; p++) {
            byte b = buffer[p];
            if (b == escape && p + 1 < end && (buffer[p + 1] == quote || buffer[p + 1] == escape)) {
                b = buffer[++p];
            }
            buffer[to++] = b;
        }
        ends[cell] = to;
    }

    private void fill() throws IOException {
        int kept = limit - position;
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, kept);
            position = 0;
            limit = kept;
        } else if (limit == buffer.length) {
            if (buffer.length >= LONGEST_ROW_BYTES) {
                throw Problem.input(
                                "table.row-length",
                                "a row of more than " + LONGEST_ROW_BYTES + " bytes")
                        .at(Place.of(file, (int) Math.min(nextLine, Integer.MAX_VALUE)))
                        .hint("Is a quote not closed? Say quote: none where quotes mean nothing.")
                        .exception();
            }
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.readNBytes(buffer, limit, buffer.length - limit);
        limit += read;
        ended = limit < buffer.length;
    }

    @Override
    public int cells() {
        return cells;
    }

    @Override
    public byte[] bytes() {
        return buffer;
    }

    @Override
    public int start(int cell) {
        return starts[cell];
    }

    @Override
    public int end(int cell) {
        return ends[cell];
    }

    @Override
    public boolean absent(int cell) {
        return false;
    }

    @Override
    public boolean isText(int cell) {
        return false;
    }

    @Override
    public long line() {
        return rowLine;
    }

    @Override
    public Place place(int cell) {
        int line = (int) Math.min(rowLine, Integer.MAX_VALUE);
        if (!oneLine || cell >= cells) {
            return Place.of(file, line);
        }
        String before =
                new String(buffer, rowStart, starts[cell] - rowStart, StandardCharsets.UTF_8);
        return Place.of(file, line, before.codePointCount(0, before.length()) + 1);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
