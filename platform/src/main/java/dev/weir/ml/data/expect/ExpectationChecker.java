package dev.weir.ml.data.expect;

import dev.weir.ml.data.Aggregates;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.Expectation.NoExtraColumns;
import dev.weir.ml.data.expect.Expectation.RowCheck;
import dev.weir.ml.data.expect.Expectation.RowCount;
import dev.weir.ml.data.expect.Expectation.Type;
import dev.weir.ml.data.expect.Expectation.Unique;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.profile.Profile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds a table against a suite: one query counts for all checks, and only for those that are
 * broken a second one looks for rows to show. Every check is reported; one that cannot be evaluated
 * is an error, and the others still run.
 */
public final class ExpectationChecker {
    private final DuckDb duckDb;

    public ExpectationChecker(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /** What the suite finds in this Parquet file. Expressions of the suite can read no other. */
    public ExpectationReport check(Path parquet, ExpectationSuite suite) {
        ParquetFiles files = new ParquetFiles(duckDb);
        return check(parquet, suite, files.schema(parquet), files.rows(parquet), null);
    }

    /**
     * The same, for a file whose profile is known: what the profile answers is not counted again.
     *
     * @param profile of this very file
     */
    public ExpectationReport check(Path parquet, ExpectationSuite suite, Profile profile) {
        return check(parquet, suite, profile.schema(), profile.rows(), profile);
    }

    private ExpectationReport check(
            Path parquet,
            ExpectationSuite suite,
            Schema schema,
            long rows,
            @Nullable Profile profile) {
        try (DuckDb.Session session = duckDb.open()) {
            String path = DuckDb.text(parquet.toAbsolutePath().toString());
            session.run("set allowed_paths = [" + path + "]");
            session.run("set enable_external_access = false");
            session.run("set lock_configuration = true");
            return new Check(session, parquet, suite, schema, rows, profile).report();
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    /** One table held against one suite. */
    private record Check(
            DuckDb.Session session,
            Path parquet,
            ExpectationSuite suite,
            Schema schema,
            long rows,
            @Nullable Profile profile) {

        ExpectationReport report() throws SQLException {
            Map<String, Counting> countings = new HashMap<>();
            Map<String, String> errors = new HashMap<>();
            for (Expectation expectation : suite.expectations()) {
                prepare(expectation, countings, errors);
            }
            count(countings, errors);
            OffendingRows offending = new OffendingRows(session, parquet, suite.key(), schema);
            List<Result> results = new ArrayList<>();
            for (Expectation expectation : suite.expectations()) {
                results.add(result(expectation, countings, errors, offending));
            }
            return new ExpectationReport(rows, results);
        }

        private void prepare(
                Expectation expectation,
                Map<String, Counting> countings,
                Map<String, String> errors)
                throws SQLException {
            String objection = objection(expectation);
            if (objection != null) {
                errors.put(expectation.id(), objection);
                return;
            }
            String where =
                    Stream.of(
                                    Optional.ofNullable(suite.where()),
                                    Optional.ofNullable(expectation.where()))
                            .flatMap(Optional::stream)
                            .map(w -> "(" + w + "\n)")
                            .collect(Collectors.joining(" and "));
            String rowsMeant = where.isEmpty() ? "true" : where;
            try {
                switch (expectation.check()) {
                    case RowCheck check -> {
                        ExpectationSql sql = ExpectationSql.of(check, column(expectation));
                        countings.put(
                                expectation.id(), new Counting(expectation, rowsMeant, sql, null));
                    }
                    case Unique unique ->
                            countings.put(expectation.id(), unique(expectation, unique, rowsMeant));
                    case Type ignored -> {}
                    case RowCount ignored -> {}
                    case NoExtraColumns ignored -> {}
                }
            } catch (IllegalArgumentException e) {
                errors.put(expectation.id(), String.valueOf(e.getMessage()));
            }
        }

        private Counting unique(Expectation expectation, Unique unique, String where) {
            List<String> names = unique.columns().stream().map(DuckDb::name).toList();
            String present =
                    names.stream()
                            .map(n -> n + " is not null")
                            .collect(Collectors.joining(" and "));
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
                            + (where.equals("true") ? present : where + " and " + present)
                            + " group by all having count(*) > 1)";
            return new Counting(
                    expectation,
                    where,
                    new ExpectationSql(one, among, shown, "are there before"),
                    one);
        }

        private @Nullable Column column(Expectation expectation) {
            String name = expectation.column();
            return name == null ? null : schema.column(name).orElse(null);
        }

        private @Nullable String objection(Expectation expectation) throws SQLException {
            List<String> columns = new ArrayList<>();
            if (expectation.column() != null) {
                columns.add(expectation.column());
            }
            if (expectation.check() instanceof Unique unique) {
                columns.addAll(unique.columns());
            }
            for (String name : columns) {
                if (schema.column(name).isEmpty()) {
                    return "no such column " + name;
                }
            }
            ExpressionGuard guard = new ExpressionGuard(session, schema);
            List<String> expressions = new ArrayList<>();
            Optional.ofNullable(suite.where()).ifPresent(expressions::add);
            Optional.ofNullable(expectation.where()).ifPresent(expressions::add);
            if (expectation.check() instanceof Expectation.Expr expr) {
                expressions.add(expr.sql());
            }
            for (String expression : expressions) {
                String objection = guard.objection(expression);
                if (objection != null) {
                    return "\"" + expression + "\" " + objection;
                }
            }
            return null;
        }

        private String dataset() {
            return DuckDb.parquet(parquet, false);
        }

        private boolean known(Counting counting) {
            Expectation expectation = counting.expectation;
            if (profile == null || suite.where() != null || expectation.where() != null) {
                return false;
            }
            return ProfileAnswers.answer(profile, counting);
        }

        /** All in one query; where that fails, each alone, so that one cannot spoil the others. */
        private void count(Map<String, Counting> countings, Map<String, String> errors)
                throws SQLException {
            Aggregates all = new Aggregates();
            List<Counting> list = new ArrayList<>();
            for (Expectation expectation : suite.expectations()) {
                Counting counting = countings.get(expectation.id());
                if (counting != null && !known(counting)) {
                    counting.ask(all);
                    list.add(counting);
                }
            }
            try {
                all.run(session, dataset());
                list.forEach(c -> c.take(all));
            } catch (SQLException e) {
                for (Counting counting : list) {
                    countAlone(counting, errors);
                }
            }
        }

        private void countAlone(Counting counting, Map<String, String> errors) {
            Aggregates alone = new Aggregates();
            counting.ask(alone);
            try {
                alone.run(session, dataset());
                counting.take(alone);
            } catch (SQLException e) {
                errors.put(counting.expectation.id(), DuckDb.firstLine(e));
            }
        }

        private Result result(
                Expectation expectation,
                Map<String, Counting> countings,
                Map<String, String> errors,
                OffendingRows offending)
                throws SQLException {
            String error = errors.get(expectation.id());
            if (error != null) {
                return Results.error(expectation, error);
            }
            Counting counting = countings.get(expectation.id());
            if (counting != null) {
                return offending.result(counting);
            }
            return switch (expectation.check()) {
                case Type type -> Results.type(expectation, type, column(expectation));
                case RowCount count -> Results.rowCount(expectation, count, rows);
                case NoExtraColumns known -> Results.extraColumns(expectation, known, schema);
                case RowCheck ignored -> throw new IllegalStateException("counts rows");
                case Unique ignored -> throw new IllegalStateException("counts rows");
            };
        }
    }
}
