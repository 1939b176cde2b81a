package dev.weir.ml.data.log;

import dev.weir.ml.data.DuckDb;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What was erased, for rows that were in a segment then, and become Parquet later.
 *
 * @param column in lower case
 * @param values rows with one of them go
 * @param before where their time is not after this, in microseconds since the epoch
 */
record Tombstone(String column, List<String> values, long before) {
    Tombstone {
        values = List.copyOf(values);
    }

    /** Which rows go. */
    String sql(String timeColumn) {
        return among() + " and " + DuckDb.name(timeColumn) + " <= make_timestamp(" + before + ")";
    }

    String among() {
        return DuckDb.name(column)
                + " in ("
                + values.stream().map(DuckDb::text).collect(Collectors.joining(", "))
                + ")";
    }
}
