package dev.weir.ml.data.source;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Findings;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;

import org.duckdb.DuckDBAppender;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Takes rows of text, gives them their types, and writes them as one Parquet file. */
final class RowLoader implements AutoCloseable {
    private static final int REMEMBERED = 1 << 12;
    private static final int LONGEST_REMEMBERED = 32;

    private final DuckDb.Session session;
    private final DuckDBAppender appender;
    private final Schema schema;
    private final Column[] columns;
    private final int[] scales;
    private final Missing missing;
    private final CellParser parser;
    private final Findings findings;
    private final byte[][] rememberedBytes = new byte[REMEMBERED][];
    private final String[] remembered = new String[REMEMBERED];
    private long rows;

    RowLoader(DuckDb duckDb, Schema schema, List<String> nulls, DateOrder dates, Findings findings)
            throws SQLException {
        this.schema = schema;
        this.columns = schema.columns().toArray(Column[]::new);
        this.scales = schema.columns().stream().mapToInt(RowLoader::scale).toArray();
        this.missing = new Missing(nulls);
        this.parser = new CellParser(dates);
        this.findings = findings;
        this.session = duckDb.single().open();
        session.run(
                "create table rows("
                        + schema.columns().stream()
                                .map(c -> DuckDb.name(c.name()) + " " + c.storedAs())
                                .collect(Collectors.joining(", "))
                        + ")");
        this.appender = session.connection().createAppender("rows");
    }

    private static int scale(Column column) {
        String type = column.storedAs();
        int comma = type.indexOf(',');
        return comma < 0
                ? 0
                : Integer.parseInt(type.substring(comma + 1, type.length() - 1).strip());
    }

    long rows() {
        return rows;
    }

    /** Takes a row; {@code cells} says which value is which column's. */
    void take(TextRows row, int[] cells) throws SQLException {
        rows++;
        appender.beginRow();
        for (int c = 0; c < columns.length; c++) {
            int cell = cells[c];
            if (missing.is(row, cell)) {
                appender.appendNull();
            } else if (!append(
                    columns[c].type(), scales[c], row.bytes(), row.start(cell), row.end(cell))) {
                appender.appendNull();
                findings.add(misfit(columns[c], row, cell));
            }
        }
        appender.endRow();
    }

    private boolean append(ColumnType type, int scale, byte[] b, int start, int end)
            throws SQLException {
        switch (type) {
            case BIGINT -> {
                if (!parser.isBigint(b, start, end)) {
                    return false;
                }
                appender.append(parser.whole);
            }
            case DOUBLE -> {
                if (!parser.isDouble(b, start, end)) {
                    return false;
                }
                appender.append(parser.real);
            }
            case DECIMAL -> {
                return appendDecimal(scale, b, start, end);
            }
            case BOOLEAN -> {
                if (!parser.isBoolean(b, start, end)) {
                    return false;
                }
                appender.append(parser.whole == 1);
            }
            case DATE -> {
                if (!parser.isDate(b, start, end)) {
                    return false;
                }
                appender.appendEpochDays((int) parser.whole);
            }
            case TIMESTAMP -> {
                if (!parser.isTimestamp(b, start, end)) {
                    return false;
                }
                appender.appendEpochMicros(parser.whole);
            }
            case VARCHAR -> appender.append(text(b, start, end));
        }
        return true;
    }

    private boolean appendDecimal(int scale, byte[] b, int start, int end) throws SQLException {
        if (!parser.isDouble(b, start, end) || !Double.isFinite(parser.real)) {
            return false;
        }
        try {
            String text = new String(b, start, end - start, StandardCharsets.US_ASCII).strip();
            appender.append(new BigDecimal(text).setScale(scale, RoundingMode.UNNECESSARY));
            return true;
        } catch (ArithmeticException tooManyDigits) {
            return false;
        }
    }

    /** Short texts come again and again: those are decoded once. */
    private String text(byte[] b, int start, int end) {
        int length = end - start;
        if (length > LONGEST_REMEMBERED) {
            return new String(b, start, length, StandardCharsets.UTF_8);
        }
        int hash = 1;
        for (int p = start; p < end; p++) {
            hash = hash * 31 + b[p];
        }
        int slot = (hash ^ hash >>> 15) & (REMEMBERED - 1);
        byte[] known = rememberedBytes[slot];
        if (known != null
                && known.length == length
                && Arrays.equals(b, start, end, known, 0, length)) {
            return remembered[slot];
        }
        String text = new String(b, start, length, StandardCharsets.UTF_8);
        rememberedBytes[slot] = Arrays.copyOfRange(b, start, end);
        remembered[slot] = text;
        return text;
    }

    private static Problem misfit(Column column, TextRows row, int cell) {
        String value =
                new String(
                        row.bytes(),
                        row.start(cell),
                        row.end(cell) - row.start(cell),
                        StandardCharsets.UTF_8);
        String shown = value.length() > 60 ? value.substring(0, 60) + "…" : value;
        return Problem.input(
                        "table.value",
                        column.name() + ": \"" + shown + "\" (expected: " + column.declared() + ")")
                .at(row.place(cell))
                .hint(
                        "Mend the file; or add the text to null: in the source, if it means a"
                                + " missing value; or change the column's type in the"
                                + " expectations.");
    }

    void write(Path out) throws SQLException {
        appender.close();
        session.run(ParquetFiles.copy("select * from rows", out));
    }

    @Override
    public void close() throws SQLException {
        appender.close();
        session.close();
    }
}
