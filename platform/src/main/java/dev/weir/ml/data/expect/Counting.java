package dev.weir.ml.data.expect;

import dev.weir.ml.data.Aggregates;

import org.jspecify.annotations.Nullable;

/** A check that counts rows: which to count, and what came out. */
final class Counting {
    final Expectation expectation;
    final String where;
    final String broken;
    final String shown;
    final String breaks;
    private final String counted;
    private final @Nullable String distinct;
    long evaluatedRows;
    long violations;

    /**
     * @param where the rows that the check is about; {@code true}: all
     * @param distinct what is to differ from row to row; null for checks of single rows
     */
    Counting(Expectation expectation, String where, ExpectationSql sql, @Nullable String distinct) {
        this.expectation = expectation;
        this.where = where;
        this.counted = sql.counted();
        this.broken = sql.broken();
        this.shown = sql.shown();
        this.breaks = sql.breaks();
        this.distinct = distinct;
    }

    /** The rows that break it, as SQL. */
    String condition() {
        return where.equals("true") ? broken : where + " and " + broken;
    }

    void ask(Aggregates ask) {
        ask.add(evaluatedSql());
        ask.add(violationsSql());
    }

    void take(Aggregates answer) {
        evaluatedRows = answer.whole(answer.add(evaluatedSql()));
        violations = answer.whole(answer.add(violationsSql()));
    }

    private String evaluatedSql() {
        return "count(" + counted + ")" + filter();
    }

    private String violationsSql() {
        return distinct == null
                ? "count(*) filter (where " + condition() + ")"
                : evaluatedSql() + " - count(distinct " + distinct + ")" + filter();
    }

    private String filter() {
        return where.equals("true") ? "" : " filter (where " + where + ")";
    }
}
