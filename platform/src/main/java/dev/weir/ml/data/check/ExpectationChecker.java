package dev.weir.ml.data.check;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.profile.Profile;
import dev.weir.ml.data.source.ProvenCsv;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Holds a table against a suite. Every check is reported; one that cannot be evaluated is an error,
 * and the others still run.
 */
public final class ExpectationChecker {
    private final DuckDb duckDb;

    public ExpectationChecker(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /** What the suite finds in this Parquet file. Expressions of the suite can read no other. */
    public ExpectationReport check(Path parquet, ExpectationSuite suite) {
        return check(parquet, suite, Comparison.none(), null);
    }

    /**
     * The same, for a file whose profile is known: what the profile answers is not counted again.
     *
     * @param profile of this very file
     */
    public ExpectationReport check(Path parquet, ExpectationSuite suite, Profile profile) {
        return check(parquet, profile.schema(), suite, profile, Comparison.none(), null);
    }

    /**
     * The same, with what the table is compared with besides.
     *
     * @param quarantine where the rows that break a rule go, with their rules in a column {@code
     *     _failed_rules}; null: nowhere
     */
    public ExpectationReport check(
            Path parquet,
            ExpectationSuite suite,
            Comparison comparison,
            @Nullable Path quarantine) {
        Schema schema = new ParquetFiles(duckDb).schema(parquet);
        return check(parquet, schema, suite, null, comparison, quarantine);
    }

    /**
     * The same for a delimited file that the engine can read itself, in one pass over it.
     *
     * @return empty where the suite needs more than that, or the engine had something to say
     *     against it: then the file is for {@link ProvenCsv#write}
     */
    public Optional<ExpectationReport> check(
            ProvenCsv csv, ExpectationSuite suite, Comparison comparison) {
        if (!OnePass.suffices(suite)) {
            return Optional.empty();
        }
        try (DuckDb.Session session =
                open(duckDb, csv.file(), comparison, null, OnePass.WITHOUT_OPTIMIZERS)) {
            Schema schema = ParquetFiles.schema(session, csv.file(), csv.sql());
            refuseNumbers(csv.file(), schema);
            Plan plan = new OnePass(session, csv, schema, suite);
            return Optional.of(new CheckRun(session, plan, schema, suite, comparison).counted());
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private ExpectationReport check(
            Path table,
            Schema schema,
            ExpectationSuite suite,
            @Nullable Profile profile,
            Comparison comparison,
            @Nullable Path quarantine) {
        refuseNumbers(table, schema);
        try (DuckDb.Session session = parquet(duckDb, table, comparison, quarantine)) {
            Plan plan = new RuleByRule(session, table, schema, profile);
            CheckRun run = new CheckRun(session, plan, schema, suite, comparison);
            ExpectationReport report = run.counted();
            if (run.hasFigures()) {
                // sums of floating-point numbers depend on their order, and threads on luck
                try (DuckDb.Session single = parquet(duckDb.single(), table, comparison, null)) {
                    report = run.with(report, new Figures(single, schema, comparison));
                }
            }
            report =
                    report.with(new DriftChecks(duckDb, table, schema, suite, comparison).report());
            if (quarantine != null) {
                new Quarantine(session, schema, suite).write(run.broken(report), quarantine);
            }
            return report;
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    /** Rows are numbered under names that a column would hide. */
    private static void refuseNumbers(Path table, Schema schema) {
        for (String name : schema.names()) {
            if (name.equalsIgnoreCase(RowSql.ROW) || name.equalsIgnoreCase("file_row_number")) {
                throw Problem.input("table.column", name + " (expected: another name of a column)")
                        .at(Place.of(table))
                        .hint("Checks number the rows of a table under this name.")
                        .exception();
            }
        }
    }

    /** An engine that has a Parquet file as {@code dataset}. */
    private static DuckDb.Session parquet(
            DuckDb engine, Path table, Comparison comparison, @Nullable Path quarantine)
            throws SQLException {
        DuckDb.Session session = open(engine, table, comparison, quarantine, "");
        session.run(
                "create temp view dataset as select *, file_row_number + 1 as "
                        + RowSql.ROW
                        + " from "
                        + DuckDb.parquet(table, false));
        return session;
    }

    /** An engine that can read the table and what it is compared with, and nothing else. */
    private static DuckDb.Session open(
            DuckDb engine,
            Path table,
            Comparison comparison,
            @Nullable Path quarantine,
            String withoutOptimizers)
            throws SQLException {
        DuckDb.Session session = engine.open();
        List<Path> allowed = new ArrayList<>(List.of(table));
        allowed.addAll(comparison.datasets().values());
        if (comparison.accepted() != null) {
            allowed.add(comparison.accepted());
        }
        if (quarantine != null) {
            allowed.add(quarantine);
            // where a file is there already, the engine writes beside it and renames
            allowed.add(quarantine.resolveSibling("tmp_" + quarantine.getFileName()));
        }
        session.run(
                allowed.stream()
                        .map(p -> DuckDb.text(p.toAbsolutePath().toString()))
                        .collect(Collectors.joining(", ", "set allowed_paths = [", "]")));
        session.run("set enable_external_access = false");
        session.run("set TimeZone = 'UTC'");
        session.run("set disabled_optimizers = " + DuckDb.text(withoutOptimizers));
        session.run("set lock_configuration = true");
        for (Map.Entry<String, Path> other : comparison.datasets().entrySet()) {
            view(session, other.getKey(), other.getValue());
        }
        if (comparison.accepted() != null) {
            view(session, Figures.ACCEPTED, comparison.accepted());
        }
        return session;
    }

    private static void view(DuckDb.Session session, String name, Path parquet)
            throws SQLException {
        session.run(
                "create temp view "
                        + DuckDb.name(name)
                        + " as select * from "
                        + DuckDb.parquet(parquet, false));
    }
}
