package dev.weir.ml.data.log;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;

import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes one Parquet file of the rows of a segment, in their order. For one segment each. */
final class Conversion {
    /** No column of a row is called so. */
    private static final String LAYOUT = "\u0001";

    private final DuckDb duckDb;
    private final String timeColumn;

    /** Every column of every layout, by its name in lower case; the first spelling counts. */
    private final Map<String, LogColumn> columns = new LinkedHashMap<>();

    /** Those of them that some layout has in its rows; the others are constants of all. */
    private final Set<String> varying = new LinkedHashSet<>();

    private final Map<Integer, Layout> layouts = new TreeMap<>();
    private final List<Lost> lost = new ArrayList<>();
    private long rows;
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;

    /** Rows that a segment says are not in it. */
    record Lost(long micros, Loss loss, long rows) {}

    /**
     * What came of it.
     *
     * @param rows in the file; none: there is no file
     * @param from the earliest time of a row, in microseconds since the epoch
     * @param to the latest
     * @param torn bytes that were no whole frames
     */
    record Converted(long rows, long from, long to, List<Lost> lost, long torn) {}

    Conversion(DuckDb duckDb, String timeColumn) {
        this.duckDb = duckDb;
        this.timeColumn = timeColumn;
    }

    /**
     * Converts what is whole now.
     *
     * @param tombstones what was erased, and is left out
     */
    Converted write(Path segment, List<Tombstone> tombstones, Path out) throws IOException {
        long end = SegmentReader.read(segment, Long.MAX_VALUE, new Looking());
        long torn = Files.size(segment) - end;
        if (rows == 0) {
            return new Converted(0, from, to, lost, torn);
        }
        rows = 0;
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run(
                    "create table rows("
                            + DuckDb.name(LAYOUT)
                            + " integer, "
                            + varying.stream().map(this::declared).collect(Collectors.joining(", "))
                            + ")");
            session.run("begin"); // else each chunk of rows is a transaction of its own
            try (DuckDBAppender appender = session.connection().createAppender("rows")) {
                SegmentReader.read(segment, end, new Appending(appender));
            }
            session.run("commit");
            for (Tombstone tombstone : tombstones) {
                if (varying.contains(tombstone.column())) {
                    session.run("delete from rows where " + tombstone.sql(timeColumn));
                }
            }
            if (!tombstones.isEmpty()) {
                rows = session.count("select count(*) from rows");
            }
            if (rows > 0) {
                String layout = DuckDb.name(LAYOUT);
                session.run(
                        ParquetFiles.copy(
                                "select * exclude ("
                                        + layout
                                        + ") from rows join ("
                                        + constants()
                                        + ") using ("
                                        + layout
                                        + ")",
                                out));
            }
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
        return new Converted(rows, from, to, lost, torn);
    }

    /** What a segment says of rows that are not in it. */
    static List<Lost> losses(Path segment) throws IOException {
        List<Lost> lost = new ArrayList<>();
        SegmentReader.read(
                segment,
                Long.MAX_VALUE,
                new SegmentReader.Taker() {
                    @Override
                    public void layout(int number, Layout layout) {}

                    @Override
                    public void row(MemorySegment bytes, long at, int length) {}

                    @Override
                    public void lost(long micros, Loss loss, long rows) {
                        lost.add(new Lost(micros, loss, rows));
                    }
                });
        return lost;
    }

    private String declared(String name) {
        LogColumn column = Objects.requireNonNull(columns.get(name));
        return DuckDb.name(column.name()) + " " + column.kind().sql();
    }

    /** The number of each layout beside its constants, as SQL. */
    private String constants() {
        return layouts.entrySet().stream()
                .map(
                        each ->
                                "select "
                                        + each.getKey()
                                        + " as "
                                        + DuckDb.name(LAYOUT)
                                        + columns.keySet().stream()
                                                .filter(name -> !varying.contains(name))
                                                .map(name -> ", " + constant(each.getValue(), name))
                                                .collect(Collectors.joining()))
                .collect(Collectors.joining(" union all "));
    }

    private String constant(Layout layout, String name) {
        LogColumn column = Objects.requireNonNull(columns.get(name));
        String text =
                layout.constants().stream()
                        .filter(c -> c.column().name().toLowerCase(Locale.ROOT).equals(name))
                        .map(c -> c.text().equals("NaN") ? "null" : DuckDb.text(c.text()))
                        .findFirst()
                        .orElse("null");
        return "cast(%s as %s) as %s"
                .formatted(text, column.kind().sql(), DuckDb.name(column.name()));
    }

    private void add(LogColumn column) {
        columns.merge(
                column.name().toLowerCase(Locale.ROOT),
                column,
                (before, now) ->
                        before.kind() == now.kind()
                                ? before
                                : new LogColumn(before.name(), LogColumn.Kind.TEXT));
    }

    private final class Looking implements SegmentReader.Taker {
        @Override
        public void layout(int number, Layout layout) {
            layouts.put(number, layout);
            layout.constants().forEach(c -> add(c.column()));
            layout.columns().forEach(Conversion.this::add);
            layout.columns().forEach(c -> varying.add(c.name().toLowerCase(Locale.ROOT)));
        }

        @Override
        public void row(MemorySegment bytes, long at, int length) {
            rows++;
        }

        @Override
        public void lost(long micros, Loss loss, long count) {
            lost.add(new Lost(micros, loss, count));
        }
    }

    /** How one column of the file gets its value out of a row of one layout. */
    private record Cell(LogColumn.@Nullable Kind kind, int place, @Nullable String constant) {}

    private final class Appending implements SegmentReader.Taker {
        private final DuckDBAppender appender;
        private final LogColumn[] wanted;
        private final Map<Integer, Cell[]> cells = new HashMap<>();
        private long[] begins = new long[64];

        Appending(DuckDBAppender appender) {
            this.appender = appender;
            this.wanted =
                    varying.stream()
                            .map(name -> Objects.requireNonNull(columns.get(name)))
                            .toArray(LogColumn[]::new);
        }

        @Override
        public void layout(int number, Layout layout) {
            Map<String, Cell> byName = new HashMap<>();
            for (Layout.Constant constant : layout.constants()) {
                byName.put(
                        constant.column().name().toLowerCase(Locale.ROOT),
                        new Cell(constant.column().kind(), -1, constant.text()));
            }
            for (int c = 0; c < layout.columns().size(); c++) {
                LogColumn column = layout.columns().get(c);
                byName.put(
                        column.name().toLowerCase(Locale.ROOT), new Cell(column.kind(), c, null));
            }
            cells.put(
                    number,
                    varying.stream()
                            .map(name -> byName.getOrDefault(name, new Cell(null, -1, null)))
                            .toArray(Cell[]::new));
        }

        @Override
        public void row(MemorySegment bytes, long at, int length) {
            int number = bytes.get(RowBytes.INT, at);
            Layout layout = layouts.get(number);
            Cell[] row = cells.get(number);
            if (layout == null || row == null) {
                throw new IllegalStateException(
                        "row of layout " + number + " (expected: one that was written before)");
            }
            places(layout, bytes, at + 4);
            rows++;
            try {
                appender.beginRow().append(number);
                for (int c = 0; c < wanted.length; c++) {
                    cell(wanted[c], row[c], bytes);
                }
                appender.endRow();
            } catch (SQLException e) {
                throw DuckDb.failed(e);
            }
        }

        private void places(Layout layout, MemorySegment bytes, long at) {
            int count = layout.columns().size();
            if (begins.length < count) {
                begins = new long[count];
            }
            long next = at;
            for (int c = 0; c < count; c++) {
                begins[c] = next;
                next += RowBytes.size(layout.columns().get(c).kind(), bytes, next);
            }
        }

        private void cell(LogColumn column, Cell cell, MemorySegment bytes) throws SQLException {
            if (cell.kind() == null) {
                appender.appendNull();
            } else if (cell.constant() != null) {
                constant(column.kind(), cell.constant());
            } else if (cell.kind() != column.kind()) {
                asText(cell.kind(), bytes, begins[cell.place()]);
            } else {
                value(column, bytes, begins[cell.place()]);
            }
        }

        private void constant(LogColumn.Kind kind, String text) throws SQLException {
            switch (kind) {
                case NUMBER, REAL -> number(Double.parseDouble(text), kind);
                case WHOLE -> appender.append(Long.parseLong(text));
                case TIME -> appender.appendEpochMicros(Long.parseLong(text));
                case TEXT -> appender.append(text);
            }
        }

        private void number(double value, LogColumn.Kind kind) throws SQLException {
            if (Double.isNaN(value)) {
                appender.appendNull();
            } else if (kind == LogColumn.Kind.REAL) {
                appender.append((float) value);
            } else {
                appender.append(value);
            }
        }

        private void value(LogColumn column, MemorySegment bytes, long at) throws SQLException {
            switch (column.kind()) {
                case NUMBER -> number(bytes.get(RowBytes.DOUBLE, at), column.kind());
                case REAL -> number(bytes.get(RowBytes.FLOAT, at), column.kind());
                case WHOLE -> {
                    long value = bytes.get(RowBytes.LONG, at);
                    if (value == RowBytes.MISSING) {
                        appender.appendNull();
                    } else {
                        appender.append(value);
                    }
                }
                case TIME -> time(column, bytes.get(RowBytes.LONG, at));
                case TEXT -> {
                    int length = bytes.get(RowBytes.INT, at);
                    if (length < 0) {
                        appender.appendNull();
                    } else {
                        appender.append(text(bytes, at + 4, length)); // UTF-8 as DuckDB has it
                    }
                }
            }
        }

        private void time(LogColumn column, long micros) throws SQLException {
            if (micros == RowBytes.MISSING) {
                appender.appendNull();
                return;
            }
            appender.appendEpochMicros(micros);
            if (column.name().equals(timeColumn)) {
                from = Math.min(from, micros);
                to = Math.max(to, micros);
            }
        }

        private void asText(LogColumn.Kind kind, MemorySegment bytes, long at) throws SQLException {
            String text =
                    switch (kind) {
                        case NUMBER -> numberText(bytes.get(RowBytes.DOUBLE, at));
                        case REAL -> numberText(bytes.get(RowBytes.FLOAT, at));
                        case WHOLE, TIME -> String.valueOf(bytes.get(RowBytes.LONG, at));
                        case TEXT ->
                                bytes.get(RowBytes.INT, at) < 0
                                        ? null
                                        : new String(
                                                text(bytes, at + 4, bytes.get(RowBytes.INT, at)),
                                                StandardCharsets.UTF_8);
                    };
            if (text == null) {
                appender.appendNull();
            } else {
                appender.append(text);
            }
        }

        private static @Nullable String numberText(double value) {
            return Double.isNaN(value) ? null : String.valueOf(value);
        }

        @Override
        public void lost(long micros, Loss loss, long count) {}
    }

    private static byte[] text(MemorySegment from, long at, int length) {
        byte[] text = new byte[length];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, text, 0, length);
        return text;
    }
}
