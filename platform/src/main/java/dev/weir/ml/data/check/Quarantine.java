package dev.weir.ml.data.check;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.ExpectationSuite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the rows that break a rule to a Parquet file, each once, with the ids of its rules in the
 * list {@code _failed_rules}; personal data is masked there too.
 */
final class Quarantine {
    private final DuckDb.Session session;
    private final Schema schema;
    private final ExpectationSuite suite;

    Quarantine(DuckDb.Session session, Schema schema, ExpectationSuite suite) {
        this.session = session;
        this.schema = schema;
        this.suite = suite;
    }

    /**
     * @param broken the rows of each rule, as SQL; where there is none, the file has no rows
     */
    void write(Map<String, String> broken, Path out) throws SQLException {
        String columns =
                schema.names().stream().map(this::column).collect(Collectors.joining(", "));
        String rules =
                broken.entrySet().stream()
                        .map(
                                e ->
                                        "case when "
                                                + e.getValue()
                                                + " then "
                                                + DuckDb.text(e.getKey())
                                                + " end")
                        .collect(Collectors.joining(", "));
        String failed =
                broken.isEmpty()
                        ? "cast([] as varchar[])"
                        : "list_filter([" + rules + "], lambda r: r is not null)";
        session.run(
                ParquetFiles.copy(
                        "select * exclude ("
                                + RowSql.ROW
                                + ") from (select "
                                + columns
                                + ", "
                                + RowSql.ROW
                                + ", "
                                + failed
                                + " as _failed_rules from dataset) where len(_failed_rules) > 0"
                                + " order by "
                                + RowSql.ROW,
                        out));
    }

    private String column(String name) {
        String column = DuckDb.name(name);
        return suite.personal().contains(name)
                ? "case when "
                        + column
                        + " is not null then "
                        + DuckDb.text(OffendingRows.MASK)
                        + " end as "
                        + column
                : column;
    }
}
