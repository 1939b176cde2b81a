package dev.weir.ml.data.matrix;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Words;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks at a column of text with very many values. */
public final class ValueCounts {
    private final DuckDb duckDb;

    public ValueCounts(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * What such a column is like.
     *
     * @param values rows that are not missing
     * @param distinct different values, an estimate
     * @param words in a value, on average
     */
    public record Shape(long values, long distinct, double words) {
        /**
         * Whether more than half of the rows have a value of their own, as far as that was counted.
         */
        public boolean namesRows() {
            return distinct > values / 2;
        }

        /** Whether the column holds sentences rather than names of things. */
        public boolean isText() {
            return words >= Words.OF_A_TEXT;
        }
    }

    /** The shape of a column of text. */
    public Shape shape(Path parquet, String column) {
        String name = DuckDb.name(column);
        List<Shape> shapes = new ArrayList<>();
        each(
                "select count("
                        + name
                        + "), approx_count_distinct("
                        + name
                        + "), coalesce("
                        + Words.mean(column)
                        + ", 0) from "
                        + DuckDb.parquet(parquet, false),
                row -> shapes.add(new Shape(row.getLong(1), row.getLong(2), row.getDouble(3))));
        return shapes.getFirst();
    }

    /**
     * The most frequent values, neither missing nor empty, most frequent first; of equally frequent
     * ones the first by UTF-8 bytes.
     */
    public List<String> most(Path parquet, String column, int limit) {
        List<String> values = new ArrayList<>();
        String name = DuckDb.name(column);
        each(
                "select t from (select cast("
                        + name
                        + " as varchar) as t, count(*) as n from "
                        + DuckDb.parquet(parquet, false)
                        + " group by 1) where t is not null and t <> '' order by n desc, t limit "
                        + limit,
                row -> values.add(row.getString(1)));
        return values;
    }

    private void each(String sql, DuckDb.RowReader row) {
        try (DuckDb.Session session = duckDb.open()) {
            session.each(sql, row);
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }
}
