package dev.weir.ml.data.check;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Delta;
import dev.weir.ml.data.expect.Expectation.Expr;
import dev.weir.ml.data.expect.Expectation.Figure;
import dev.weir.ml.data.expect.Expectation.Freshness;
import dev.weir.ml.data.expect.Expectation.Measured;
import dev.weir.ml.data.expect.Expectation.Reference;
import dev.weir.ml.data.expect.Expectation.Sql;
import dev.weir.ml.data.expect.Expectation.Statistic;
import dev.weir.ml.data.expect.Expectation.Type;
import dev.weir.ml.data.expect.Expectation.Unique;
import dev.weir.ml.data.expect.ExpectationSuite;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Says why a check cannot be evaluated, before anything is asked of the table. */
final class Objections {
    private final Schema schema;
    private final ExpectationSuite suite;
    private final Comparison comparison;
    private final ExpressionGuard guard;

    Objections(
            DuckDb.Session session, Schema schema, ExpectationSuite suite, Comparison comparison) {
        this.schema = schema;
        this.suite = suite;
        this.comparison = comparison;
        this.guard = new ExpressionGuard(session, schema);
    }

    /** The reason; null where there is none. */
    @Nullable String against(Expectation expectation) throws SQLException {
        if (expectation.check() instanceof Type) {
            return null;
        }
        for (String column : columns(expectation)) {
            if (schema.column(column).isEmpty()) {
                return "no column "
                        + column
                        + " (found: "
                        + String.join(", ", schema.names())
                        + ")";
            }
        }
        if (measured(expectation) instanceof Measured measured && ofNumbers(measured.figure())) {
            for (String name : measured.columns()) {
                Column column = schema.required(name);
                if (!column.type().numeric() && column.type() != ColumnType.BOOLEAN) {
                    return name + " is " + column.declared() + " (expected: a column of numbers)";
                }
            }
        }
        for (String expression : expressions(expectation)) {
            String objection = guard.objection(expression);
            if (objection != null) {
                return "\"" + expression + "\" " + objection;
            }
        }
        return switch (expectation.check()) {
            case Sql sql -> {
                String query = sql.query().strip();
                String objection =
                        guard.objectionToQuery(
                                query.endsWith(";")
                                        ? query.substring(0, query.length() - 1)
                                        : query);
                yield objection == null ? null : "the query " + objection;
            }
            case Reference reference ->
                    comparison.datasets().containsKey(reference.dataset())
                            ? null
                            : "no dataset " + reference.dataset() + " at hand to compare with";
            default -> null;
        };
    }

    private static List<String> columns(Expectation expectation) {
        List<String> columns = new ArrayList<>();
        if (expectation.column() != null) {
            columns.add(expectation.column());
        }
        switch (expectation.check()) {
            case Unique unique -> columns.addAll(unique.columns());
            case Freshness freshness -> columns.add(freshness.column());
            default -> {}
        }
        if (measured(expectation) instanceof Measured measured) {
            columns.addAll(measured.columns());
        }
        return columns;
    }

    private static @Nullable Measured measured(Expectation expectation) {
        return switch (expectation.check()) {
            case Statistic statistic -> statistic.measured();
            case Delta delta -> delta.measured();
            default -> null;
        };
    }

    private static boolean ofNumbers(Figure figure) {
        return switch (figure) {
            case MEAN, STD, MEDIAN, QUANTILE, SUM, CORRELATION -> true;
            case ROW_COUNT, DISTINCT_COUNT, UNIQUE_FRACTION -> false;
        };
    }

    private List<String> expressions(Expectation expectation) {
        List<String> expressions = new ArrayList<>();
        if (suite.where() != null) {
            expressions.add(suite.where());
        }
        if (expectation.where() != null) {
            expressions.add(expectation.where());
        }
        if (expectation.check() instanceof Expr expr) {
            expressions.add(expr.sql());
        }
        return expressions;
    }
}
