package dev.weir.ml.data.matrix;

import dev.weir.ml.data.DuckDb;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the values that occur in columns, for categories and classes. */
public final class DistinctValues {
    private final DuckDb duckDb;

    public DistinctValues(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * The values of columns as DuckDB's text of them, in the order of their type (text by UTF-8
     * bytes), without nulls.
     *
     * @param columns names that the file has
     * @param limit how many to give at most, the first of the order
     */
    public Map<String, List<String>> of(Path parquet, List<String> columns, int limit) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        try (DuckDb.Session session = duckDb.open()) {
            for (String column : columns) {
                List<String> texts = new ArrayList<>();
                String name = DuckDb.name(column);
                session.each(
                        "select cast(value as varchar) from (select distinct "
                                + name
                                + " as value from "
                                + DuckDb.parquet(parquet, false)
                                + " where "
                                + name
                                + " is not null order by value limit "
                                + limit
                                + ") order by value",
                        row -> texts.add(row.getString(1)));
                values.put(column, texts);
            }
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
        return values;
    }
}
