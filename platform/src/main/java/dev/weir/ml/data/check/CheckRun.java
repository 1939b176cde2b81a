package dev.weir.ml.data.check;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Columns;
import dev.weir.ml.data.expect.Expectation.Delta;
import dev.weir.ml.data.expect.Expectation.Drifted;
import dev.weir.ml.data.expect.Expectation.DuplicateRows;
import dev.weir.ml.data.expect.Expectation.FreshRange;
import dev.weir.ml.data.expect.Expectation.Freshness;
import dev.weir.ml.data.expect.Expectation.NoExtraColumns;
import dev.weir.ml.data.expect.Expectation.RowCheck;
import dev.weir.ml.data.expect.Expectation.RowCount;
import dev.weir.ml.data.expect.Expectation.Sql;
import dev.weir.ml.data.expect.Expectation.Statistic;
import dev.weir.ml.data.expect.Expectation.TableDrifted;
import dev.weir.ml.data.expect.Expectation.Type;
import dev.weir.ml.data.expect.Expectation.Unique;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.gate.Verdict;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One table, the view {@code dataset} of a session, held against one suite. How rows are counted is
 * for a {@link Plan} to say.
 */
final class CheckRun {
    private static final Pattern QUOTED = Pattern.compile("'[^']*'");

    private final DuckDb.Session session;
    private final Plan plan;
    private final ExpectationSuite suite;
    private final Comparison comparison;
    private final Schema schema;
    private final Objections objections;
    private final Map<String, Counting> countings = new LinkedHashMap<>();
    private final Map<String, String> conditions = new HashMap<>();
    private final Map<String, Result> settled = new HashMap<>();
    private long rows;

    CheckRun(
            DuckDb.Session session,
            Plan plan,
            Schema schema,
            ExpectationSuite suite,
            Comparison comparison) {
        this.session = session;
        this.plan = plan;
        this.suite = suite;
        this.comparison = comparison;
        this.schema = schema;
        this.objections = new Objections(session, schema, suite, comparison);
    }

    /** All results but those of figures, which are there with no verdict yet: as errors. */
    ExpectationReport counted() throws SQLException {
        for (Expectation expectation : suite.expectations()) {
            prepare(expectation);
        }
        rows = plan.count(countings.values(), this::failed);
        OffendingRows offending = new OffendingRows(session, suite, schema);
        List<Result> results = new ArrayList<>();
        for (Expectation expectation : suite.expectations()) {
            results.add(result(expectation, offending));
        }
        return new ExpectationReport(rows, results);
    }

    private void prepare(Expectation expectation) throws SQLException {
        String objection = objections.against(expectation);
        if (objection != null) {
            settled.put(expectation.id(), error(expectation, objection));
            return;
        }
        if (expectation.check() instanceof FreshRange && comparison.now() == null) {
            settled.put(expectation.id(), Results.skipped(expectation, "no clock at hand"));
            return;
        }
        String where = where(expectation);
        Counting counting = null;
        try {
            if (expectation.check() instanceof RowCheck check) {
                RowSql sql = RowSql.of(check, column(expectation), where, comparison.now());
                counting = Counting.of(expectation, where, sql);
            }
        } catch (IllegalArgumentException e) {
            settled.put(expectation.id(), error(expectation, String.valueOf(e.getMessage())));
        }
        if (expectation.check() instanceof Unique unique) {
            counting = Counting.unique(expectation, where, unique.columns());
        }
        if (expectation.check() instanceof DuplicateRows) {
            counting = Counting.duplicates(expectation, where, schema);
        }
        if (counting != null) {
            countings.put(expectation.id(), counting);
            conditions.put(expectation.id(), counting.condition());
        }
    }

    private String where(Expectation expectation) {
        String where =
                Stream.of(suite.where(), expectation.where())
                        .filter(w -> w != null)
                        .map(w -> "(" + w + "\n)")
                        .collect(Collectors.joining(" and "));
        return where.isEmpty() ? "true" : where;
    }

    private @Nullable Column column(Expectation expectation) {
        String name = expectation.column();
        return name == null ? null : schema.column(name).orElse(null);
    }

    private Result error(Expectation expectation, String reason) {
        // the engine quotes the value that it stumbled over
        String told =
                suite.personal().isEmpty()
                        ? reason
                        : QUOTED.matcher(reason).replaceAll(OffendingRows.MASK);
        return Results.error(expectation, told);
    }

    private void failed(Counting counting, SQLException e) {
        settled.put(counting.expectation.id(), error(counting.expectation, DuckDb.firstLine(e)));
    }

    private Result result(Expectation expectation, OffendingRows offending) {
        Result known = settled.get(expectation.id());
        if (known != null) {
            return known;
        }
        try {
            Counting counting = countings.get(expectation.id());
            if (counting != null) {
                return offending.result(counting);
            }
            return switch (expectation.check()) {
                case Type type -> Results.type(expectation, type, column(expectation));
                case RowCount count -> Results.rowCount(expectation, count, meant(expectation));
                case NoExtraColumns names -> Results.extraColumns(expectation, names, schema);
                case Columns names -> Results.columns(expectation, names, schema);
                case Sql sql -> sql(expectation, sql, offending);
                case Statistic ignored -> Results.error(expectation, "not measured");
                case Delta ignored -> Results.error(expectation, "not measured");
                case Freshness ignored -> Results.error(expectation, "not measured");
                case Drifted ignored -> DriftChecks.without(expectation, comparison);
                case TableDrifted ignored -> DriftChecks.without(expectation, comparison);
                case RowCheck ignored -> throw new IllegalStateException("counts rows");
                case Unique ignored -> throw new IllegalStateException("counts rows");
                case DuplicateRows ignored -> throw new IllegalStateException("counts rows");
            };
        } catch (SQLException e) {
            return error(expectation, DuckDb.firstLine(e));
        }
    }

    private long meant(Expectation expectation) throws SQLException {
        String where = where(expectation);
        return where.equals("true")
                ? rows
                : session.count("select count(*) from dataset where " + where);
    }

    private Result sql(Expectation expectation, Sql sql, OffendingRows offending)
            throws SQLException {
        SqlRule rule = new SqlRule(session, expectation, sql);
        Result result = rule.result(suite, offending, rows);
        if (!result.samples().isEmpty()) {
            String condition = rule.condition(suite);
            if (condition != null) {
                conditions.put(expectation.id(), condition);
            }
        }
        return result;
    }

    boolean hasFigures() {
        return suite.expectations().stream()
                .anyMatch(e -> figure(e) && !settled.containsKey(e.id()));
    }

    private static boolean figure(Expectation expectation) {
        return expectation.check() instanceof Statistic
                || expectation.check() instanceof Delta
                || expectation.check() instanceof Freshness;
    }

    /** The report, with the figures measured. */
    ExpectationReport with(ExpectationReport report, Figures figures) {
        List<Result> measured = new ArrayList<>();
        for (Expectation expectation : suite.expectations()) {
            if (figure(expectation) && !settled.containsKey(expectation.id())) {
                measured.add(measured(expectation, figures));
            }
        }
        return report.with(new ExpectationReport(rows, measured));
    }

    private Result measured(Expectation expectation, Figures figures) {
        String where = where(expectation);
        try {
            return switch (expectation.check()) {
                case Statistic statistic -> figures.statistic(expectation, statistic, where);
                case Delta delta -> figures.delta(expectation, delta, where);
                case Freshness freshness -> figures.freshness(expectation, freshness, where);
                default -> throw new IllegalStateException("no figure");
            };
        } catch (SQLException e) {
            return error(expectation, DuckDb.firstLine(e));
        }
    }

    /** The rules that are broken by single rows: which, and the rows, as SQL. */
    Map<String, String> broken(ExpectationReport report) {
        Map<String, String> broken = new LinkedHashMap<>();
        for (Result result : report.results()) {
            String condition = conditions.get(result.id());
            boolean failed = result.verdict() == Verdict.FAIL || result.verdict() == Verdict.WARN;
            if (failed && condition != null) {
                broken.put(result.id(), condition);
            }
        }
        return broken;
    }
}
