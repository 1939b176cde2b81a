package dev.weir.ml.data.matrix;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;

import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes arrays to Parquet and reads them back, column by column: predictions go out, rows to be
 * scored come in.
 */
public final class ColumnFiles {
    private final DuckDb duckDb;

    public ColumnFiles(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * Writes columns of one length. Equal values give equal bytes.
     *
     * @param columns at least one; names distinct
     */
    public void write(Path out, List<ColumnData> columns) {
        int rows = columns.getFirst().rows();
        for (ColumnData column : columns) {
            if (column.rows() != rows) {
                throw new IllegalArgumentException(
                        column.name() + ": " + column.rows() + " values (expected: " + rows + ")");
            }
        }
        String names =
                columns.stream()
                        .map(c -> DuckDb.name(c.name()) + " " + type(c))
                        .collect(Collectors.joining(", "));
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run("create table rows(" + names + ")");
            try (DuckDBAppender appender = session.connection().createAppender("rows")) {
                for (int row = 0; row < rows; row++) {
                    appender.beginRow();
                    for (ColumnData column : columns) {
                        append(appender, column, row);
                    }
                    appender.endRow();
                }
            }
            session.run(ParquetFiles.copy("select * from rows", out));
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    private static String type(ColumnData column) {
        return switch (column) {
            case ColumnData.Doubles ignored -> "double";
            case ColumnData.Floats ignored -> "float";
            case ColumnData.Longs ignored -> "bigint";
            case ColumnData.Texts ignored -> "varchar";
        };
    }

    private static void append(DuckDBAppender appender, ColumnData column, int row)
            throws SQLException {
        switch (column) {
            case ColumnData.Doubles doubles -> appender.append(doubles.values()[row]);
            case ColumnData.Floats floats -> appender.append(floats.values()[row]);
            case ColumnData.Longs longs -> appender.append(longs.values()[row]);
            case ColumnData.Texts texts -> {
                @Nullable String text = texts.values()[row];
                if (text == null) {
                    appender.appendNull();
                } else {
                    appender.append(text);
                }
            }
        }
    }

    /** Columns as numbers: as {@link FeatureColumn.Numeric} says, but in double precision. */
    public List<ColumnData.Doubles> doubles(Path parquet, List<String> names) {
        return doubles(parquet, names, 0);
    }

    /**
     * The same of one row of 2^{@code thinned}, about: always the same rows, of a sample in no
     * order.
     *
     * @param thinned 0 for all rows, at most 31
     */
    public List<ColumnData.Doubles> doubles(Path parquet, List<String> names, int thinned) {
        Schema schema = new ParquetFiles(duckDb).schema(parquet);
        String from =
                DuckDb.parquet(parquet, thinned > 0)
                        + (thinned > 0 ? " where " + picked(thinned) : "");
        List<String> expressions =
                names.stream().map(name -> SqlNumbers.asDouble(schema.required(name))).toList();
        try (DuckDb.Session session = duckDb.open()) {
            if (thinned > 0) {
                session.run("set preserve_insertion_order = false"); // a quarter of the time
            }
            return doubles(session, from, names, expressions);
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    /**
     * Whether a row is one of those that stand for 2^{@code thinned} each: by a multiplicative hash
     * of its {@code file_row_number} (Knuth, The Art of Computer Programming 6.4), which spreads
     * evenly and has no short period.
     */
    public static String picked(int thinned) {
        return "(file_row_number * 2654435761) % 4294967296 < " + (1L << (32 - thinned));
    }

    /** What expressions give that are doubles, under names, of an engine that is open. */
    public static List<ColumnData.Doubles> doubles(
            DuckDb.Session session, String from, List<String> names, List<String> expressions)
            throws SQLException {
        int rows = few(session.count("select count(*) from " + from));
        List<ColumnData.Doubles> columns = new ArrayList<>();
        names.forEach(name -> columns.add(new ColumnData.Doubles(name, new double[rows])));
        read(
                session,
                from,
                expressions,
                (vector, column, size, base) -> {
                    double[] into = columns.get(column).values();
                    for (int i = 0; i < size; i++) {
                        into[base + i] = vector.getDouble(i, Double.NaN);
                    }
                });
        return columns;
    }

    /** Columns as texts: a number is the text that DuckDB writes for it. */
    public List<ColumnData.Texts> texts(Path parquet, List<String> names) {
        Schema schema = new ParquetFiles(duckDb).schema(parquet);
        List<ColumnData.Texts> columns = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        String from = DuckDb.parquet(parquet, false);
        try (DuckDb.Session session = duckDb.open()) {
            int rows = few(session.count("select count(*) from " + from));
            for (String name : names) {
                schema.required(name);
                expressions.add("cast(" + DuckDb.name(name) + " as varchar)");
                columns.add(new ColumnData.Texts(name, new @Nullable String[rows]));
            }
            read(
                    session,
                    from,
                    expressions,
                    (vector, column, size, base) -> {
                        @Nullable String[] into = columns.get(column).values();
                        for (int i = 0; i < size; i++) {
                            into[base + i] = vector.isNull(i) ? null : vector.getString(i);
                        }
                    });
            return columns;
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    private static int few(long rows) {
        if (rows > Integer.MAX_VALUE - 8) {
            throw Problem.step("table.too-large", rows + " rows (expected: at most 2^31)")
                    .exception();
        }
        return (int) rows;
    }

    private interface VectorTaker {
        void take(DuckDBReadableVector vector, int column, int size, int base);
    }

    private static void read(
            DuckDb.Session session, String from, List<String> expressions, VectorTaker taker)
            throws SQLException {
        if (expressions.isEmpty()) {
            return;
        }
        String sql = "select " + String.join(", ", expressions) + " from " + from;
        try (var statement = session.connection().prepare(sql);
                var result = statement.query()) {
            int base = 0;
            while (result.nextChunk()) {
                DuckDBDataChunkReader chunk = result.chunk();
                int size = (int) chunk.rowCount();
                for (int c = 0; c < expressions.size(); c++) {
                    taker.take(chunk.vector(c), c, size, base);
                }
                base += size;
            }
        }
    }
}
