package dev.weir.ml.data.check;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;

import java.nio.file.Path;
import java.util.List;

/**
 * A table that can be checked where it lies.
 *
 * @param files that it is read from
 * @param sql as it stands after {@code from}
 * @param rowNumber an expression for the number of a row, from 1
 * @param columnar whether a column can be read alone: then each rule is a query of its own; else
 *     one pass counts for all
 */
record Relation(List<Path> files, Schema schema, String sql, String rowNumber, boolean columnar) {
    Relation {
        files = List.copyOf(files);
    }

    static Relation parquet(Path file, Schema schema) {
        return new Relation(
                List.of(file), schema, DuckDb.parquet(file, false), "file_row_number + 1", true);
    }
}
