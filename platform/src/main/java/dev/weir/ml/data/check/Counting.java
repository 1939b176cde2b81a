package dev.weir.ml.data.check;

import dev.weir.ml.data.Aggregates;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Expr;
import dev.weir.ml.data.profile.Profile.Count;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A check that counts rows: which to count, and what came out. */
final class Counting {
    final Expectation expectation;
    final String where;
    final RowSql sql;

    /** What is to differ from row to row; null for checks of single rows. */
    private final @Nullable String differing;

    /** The columns of that. */
    private final List<String> columns;

    long evaluatedRows;
    long missingRows;
    long violations;

    /** The rows that break it, as SQL on the view {@code dataset}, for a look at them. */
    String found;

    /** The values that break it most often, where they came with the count. */
    List<Count> top = List.of();

    private Counting(
            Expectation expectation,
            String where,
            RowSql sql,
            @Nullable String differing,
            List<String> columns) {
        this.expectation = expectation;
        this.where = where;
        this.sql = sql;
        this.differing = differing;
        this.columns = columns;
        this.found = both(where, sql.broken());
    }

    /** Of single rows. */
    static Counting of(Expectation expectation, String where, RowSql sql) {
        return new Counting(expectation, where, sql, null, List.of());
    }

    /** That no two rows are equal in these columns; rows in which one is missing do not count. */
    static Counting unique(Expectation expectation, String where, List<String> columns) {
        List<String> names = columns.stream().map(DuckDb::name).toList();
        String present =
                names.stream().map(n -> n + " is not null").collect(Collectors.joining(" and "));
        String one =
                names.size() == 1
                        ? names.getFirst()
                        : "case when "
                                + present
                                + " then row("
                                + String.join(", ", names)
                                + ") end";
        String shown =
                names.stream()
                        .map(n -> "cast(" + n + " as varchar)")
                        .collect(Collectors.joining(" || ', ' || "));
        String among =
                one
                        + " in (select "
                        + one
                        + " from dataset where "
                        + both(where, present)
                        + " group by all having count(*) > 1)";
        return new Counting(
                expectation,
                where,
                RowSql.plain(one, among, shown, "are there before"),
                one,
                names);
    }

    /** That no two rows are equal in all columns; missing values are equal. */
    static Counting duplicates(Expectation expectation, String where, Schema schema) {
        List<String> names = schema.names().stream().map(DuckDb::name).toList();
        String all = String.join(", ", names);
        String again =
                RowSql.ROW
                        + " in (select "
                        + RowSql.ROW
                        + " from (select "
                        + RowSql.ROW
                        + ", row_number() over (partition by "
                        + all
                        + " order by "
                        + RowSql.ROW
                        + ") as weir_copy from dataset where "
                        + where
                        + ") where weir_copy > 1)";
        return new Counting(
                expectation,
                where,
                RowSql.plain("*", again, "null", "are copies of a row before"),
                "row(" + all + ")",
                names);
    }

    private static String both(String where, String condition) {
        return where.equals("true") ? condition : where + " and " + condition;
    }

    /** The rows that break it, as SQL. */
    String condition() {
        return both(where, sql.broken());
    }

    /** An aggregate: the rows that it looks at. */
    String evaluated() {
        String what = sql.counted().equals("*") ? "1" : sql.counted();
        return where.equals("true")
                ? "count(" + sql.counted() + ")"
                : "count(case when " + where + " then " + what + " end)";
    }

    /** An aggregate: the rows that it is about, missing values and all. */
    String meant() {
        return where.equals("true") ? "count(*)" : "count(case when " + where + " then 1 end)";
    }

    /** An aggregate: the rows that break it. */
    String broken() {
        if (differing == null) {
            return "count(case when " + condition() + " then 1 end)";
        }
        String one =
                where.equals("true")
                        ? differing
                        : "case when " + where + " then " + differing + " end";
        return evaluated() + " - count(distinct " + one + ")";
    }

    /** Whether its own columns are not enough to see what it looks at: then one query asks both. */
    boolean together() {
        return expectation.check() instanceof Expr;
    }

    /**
     * A query of its own: the rows that break it.
     *
     * @param few whether its column has few different values
     */
    String query(boolean few) {
        if (differing != null) {
            String present =
                    sql.counted().equals("*")
                            ? where
                            : both(
                                    where,
                                    columns.stream()
                                            .map(n -> n + " is not null")
                                            .collect(Collectors.joining(" and ")));
            return "select coalesce(sum(weir_rows - 1), 0) from (select count(*) as weir_rows from"
                    + " dataset where "
                    + present
                    + " group by "
                    + String.join(", ", columns)
                    + " having count(*) > 1)";
        }
        if (few && sql.distinct()) {
            return "select coalesce(sum(weir_rows), 0) from (select "
                    + sql.counted()
                    + ", count(*) as weir_rows from dataset where "
                    + where
                    + " group by all) where "
                    + sql.broken();
        }
        return "select count(*) from dataset where " + condition();
    }

    /** Counts by {@link #query}; a dear check is asked only once, for its worst values too. */
    void count(DuckDb.Session session, boolean few) throws SQLException {
        if (few || !sql.distinct()) {
            violations = session.count(query(few));
            return;
        }
        List<Count> worst = new ArrayList<>();
        session.each(
                "select v, n, sum(n) over () from (select "
                        + sql.shown()
                        + " as v, count(*) as n from dataset where "
                        + condition()
                        + " group by all) order by n desc, v limit "
                        + OffendingRows.TOP,
                row -> {
                    violations = row.getLong(3);
                    worst.add(new Count(OffendingRows.cut(row.getString(1)), row.getLong(2)));
                });
        top = worst;
    }

    void take(Aggregates answer) {
        look(answer);
        violations = answer.whole(answer.add(broken()));
    }

    /** Takes what was looked at, not what breaks it. */
    void look(Aggregates answer) {
        evaluatedRows = answer.whole(answer.add(evaluated()));
        missingRows = answer.whole(answer.add(meant())) - evaluatedRows;
    }
}
