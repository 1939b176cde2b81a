package dev.weir.ml.data;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Looks into Parquet files, and copies rows of one to another. */
public final class ParquetFiles {
    /** How Weir writes Parquet; one writer thread, so that equal rows give equal bytes. */
    static final String WRITTEN = "(format parquet, compression snappy, row_group_size 122880)";

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
        SourceFiles.check(List.of(file));
        List<Column> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        try (DuckDb.Session session = duckDb.open()) {
            session.each(
                    "describe select * from " + DuckDb.parquet(file, false),
                    row -> {
                        names.add(row.getString(1));
                        types.add(row.getString(2));
                    });
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
        Headings.refuseDoubles(names, file);
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
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run("create temp table chosen(row_number bigint)");
            try (var appender = session.connection().createAppender("chosen")) {
                for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
                    appender.beginRow().append((long) row).endRow();
                }
            }
            session.run(
                    "copy (select * exclude (file_row_number) from "
                            + DuckDb.parquet(from, true)
                            + " where file_row_number in (select row_number from chosen)"
                            + " order by file_row_number) to "
                            + DuckDb.text(to.toAbsolutePath().toString())
                            + WRITTEN);
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    static RuntimeException unreadable(Path file, SQLException e) {
        return Problem.input(
                        "table.parquet",
                        "not a Parquet file that can be read: " + DuckDb.firstLine(e))
                .at(Place.of(file))
                .exception(e);
    }
}
