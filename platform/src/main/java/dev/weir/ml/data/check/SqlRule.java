package dev.weir.ml.data.check;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Sql;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationReport.Sample;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.gate.Verdict;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A query of the team's own that finds rows which break a rule; it reads only, and not forever. */
final class SqlRule {
    private final DuckDb.Session session;
    private final Expectation expectation;
    private final String query;
    private final int seconds;

    SqlRule(DuckDb.Session session, Expectation expectation, Sql sql) {
        this.session = session;
        this.expectation = expectation;
        String text = sql.query().strip();
        this.query =
                "(" + (text.endsWith(";") ? text.substring(0, text.length() - 1) : text) + "\n)";
        this.seconds = (int) Math.clamp(sql.timeout().toSeconds(), 1, 86_400);
    }

    Result result(ExpectationSuite suite, OffendingRows offending, long rows) throws SQLException {
        long[] found = new long[1];
        each("select count(*) from " + query, row -> found[0] = row.getLong(1));
        Verdict verdict = Results.verdict(expectation, found[0], Math.max(rows, found[0]));
        if (verdict == Verdict.PASS) {
            return result(verdict, rows, found[0], List.of(), List.of());
        }
        String condition = condition(suite);
        List<Sample> samples =
                condition == null ? List.of() : offending.samples("null", condition, false);
        List<Count> top = condition == null && suite.personal().isEmpty() ? top() : List.of();
        return result(verdict, rows, found[0], top, samples);
    }

    /** The rows of the table that the query means; null where its columns do not say. */
    @Nullable String condition(ExpectationSuite suite) throws SQLException {
        List<String> columns = new ArrayList<>();
        each("describe select * from " + query, row -> columns.add(row.getString(1)));
        if (columns.contains(RowSql.ROW)) {
            return RowSql.ROW + " in (select " + RowSql.ROW + " from " + query + ")";
        }
        if (suite.key().isEmpty() || !columns.containsAll(suite.key())) {
            return null;
        }
        String key = suite.key().stream().map(DuckDb::name).collect(Collectors.joining(", "));
        String one = suite.key().size() == 1 ? key : "row(" + key + ")";
        return one + " in (select " + one + " from " + query + ")";
    }

    private List<Count> top() throws SQLException {
        List<Count> top = new ArrayList<>();
        each(
                "select cast(q as varchar) as v, count(*) as n from "
                        + query
                        + " q group by all order by n desc, v limit 5",
                row ->
                        top.add(
                                new Count(
                                        OffendingRows.cut(String.valueOf(row.getString(1))),
                                        row.getLong(2))));
        return top;
    }

    private Result result(
            Verdict verdict, long rows, long found, List<Count> top, List<Sample> samples) {
        return new Result(
                expectation.id(),
                expectation.column(),
                expectation.check().kind(),
                expectation.severity(),
                verdict,
                rows,
                0,
                found,
                null,
                Results.allowed(expectation),
                Results.counted(expectation, found, rows, "are found by the query", top, samples),
                top,
                samples,
                verdict == Verdict.PASS ? null : query.substring(1, query.length() - 2));
    }

    private void each(String sql, DuckDb.RowReader reader) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            statement.setQueryTimeout(seconds);
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        } catch (SQLException e) {
            throw String.valueOf(e.getMessage()).startsWith("INTERRUPT")
                    ? new SQLException("took longer than " + seconds + "s, and was ended", e)
                    : e;
        }
    }
}
