package dev.weir.ml.data;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/** Looks into Parquet files, and copies rows of one to another. */
public final class ParquetFiles {
    private final DuckDb duckDb;

    public ParquetFiles(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * The columns of a file.
     *
     * @throws dev.weir.base.problem.ProblemException where it is no Parquet file, or a column has a
     *     type that tables in Weir do not have
     */
    public Schema schema(Path file) {
        ReadableFiles.check(List.of(file));
        try (DuckDb.Session session = duckDb.open()) {
            return schema(session, file, DuckDb.parquet(file, false));
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The columns of a file that an engine reads.
     *
     * @param from the file's rows, as SQL
     */
    public static Schema schema(DuckDb.Session session, Path file, String from)
            throws SQLException {
        List<Column> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        session.each(
                "describe select * from " + from,
                row -> {
                    names.add(row.getString(1));
                    types.add(row.getString(2));
                });
        Schema.refuseDoubles(names, file);
        for (int c = 0; c < names.size(); c++) {
            columns.add(Column.of(names.get(c), types.get(c)));
        }
        return new Schema(columns);
    }

    /** How many rows a file has, by its footer. */
    public long rows(Path file) {
        try (DuckDb.Session session = duckDb.open()) {
            return session.count("select count(*) from " + DuckDb.parquet(file, false));
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Writes the chosen rows of a file to another, in their order.
     *
     * @param rows row numbers, from 0
     */
    public void copyRows(Path from, BitSet rows, Path to) {
        copyRows(from, rows, List.of(), to);
    }

    /**
     * As the other, with some of the columns.
     *
     * @param columns in the order of the other file; none for all
     * @param to CSV, with a heading, where its name ends so; else Parquet
     */
    public void copyRows(Path from, BitSet rows, List<String> columns, Path to) {
        String wanted =
                columns.isEmpty()
                        ? "* exclude (file_row_number)"
                        : columns.stream().map(DuckDb::name).collect(Collectors.joining(", "));
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run("create temp table chosen(row_number bigint)");
            try (var appender = session.connection().createAppender("chosen")) {
                for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
                    appender.beginRow().append((long) row).endRow();
                }
            }
            session.run(
                    written(
                            "select "
                                    + wanted
                                    + " from "
                                    + DuckDb.parquet(from, true)
                                    + " where file_row_number in (select row_number from chosen)",
                            to));
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    /**
     * The columns of two files of the same rows, one beside the other.
     *
     * @param to CSV, with a heading, where its name ends so; else Parquet
     */
    public void sideBySide(Path left, Path right, Path to) {
        String query =
                "select * from "
                        + DuckDb.parquet(left, false)
                        + " positional join "
                        + DuckDb.parquet(right, false);
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run(written(query, to));
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    /**
     * The rows of a time column that are not before a moment: a holdout by time.
     *
     * @param bound a day or a moment as ISO 8601 writes it
     * @return row numbers, from 0
     */
    public BitSet rowsFrom(Path file, String column, String bound) {
        Column time = schema(file).required(column);
        if (!time.type().temporal()) {
            throw Problem.input(
                            "table.type",
                            column + ": " + time.declared() + " (expected: a date or timestamp)")
                    .exception();
        }
        BitSet rows = new BitSet();
        try (DuckDb.Session session = duckDb.open()) {
            refuseNoMoment(session, bound);
            session.each(
                    "select file_row_number from "
                            + DuckDb.parquet(file, true)
                            + " where cast("
                            + DuckDb.name(column)
                            + " as timestamp) >= cast("
                            + DuckDb.text(bound)
                            + " as timestamp)",
                    row -> rows.set(Math.toIntExact(row.getLong(1))));
            return rows;
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    private static void refuseNoMoment(DuckDb.Session session, String bound) throws SQLException {
        if (session.count("select count(try_cast(" + DuckDb.text(bound) + " as timestamp))") == 0) {
            throw Problem.input(
                            "table.moment",
                            bound + " (expected: a day or moment such as 2012-01-01)")
                    .exception();
        }
    }

    /**
     * The texts of a column, each once, by their UTF-8 bytes; missing values left out. A number is
     * the text that DuckDB writes for it.
     */
    public List<String> categories(Path file, String column) {
        schema(file).required(column);
        List<String> texts = new ArrayList<>();
        try (DuckDb.Session session = duckDb.open()) {
            session.each(
                    "select distinct cast("
                            + DuckDb.name(column)
                            + " as varchar) as t from "
                            + DuckDb.parquet(file, false)
                            + " where t is not null order by t",
                    row -> texts.add(row.getString(1)));
            return texts;
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    private static String written(String query, Path to) {
        return to.toString().endsWith(".csv")
                ? "copy ("
                        + query
                        + ") to "
                        + DuckDb.text(to.toAbsolutePath().toString())
                        + " (format csv, header)"
                : copy(query, to);
    }

    /** The statement that writes what a query gives; on one thread, equal rows give equal bytes. */
    public static String copy(String query, Path to) {
        return "copy ("
                + query
                + ") to "
                + DuckDb.text(to.toAbsolutePath().toString())
                + " (format parquet, compression snappy, row_group_size 122880)";
    }

    /** What a person is told about a file that the engine does not take for Parquet. */
    public static RuntimeException unreadable(Path file, SQLException e) {
        return Problem.input(
                        "table.parquet",
                        "not a Parquet file that can be read: " + DuckDb.firstLine(e))
                .at(Place.of(file))
                .exception(e);
    }
}
