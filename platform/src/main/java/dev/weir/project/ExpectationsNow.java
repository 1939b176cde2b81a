package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Dataset;
import dev.weir.ml.data.DatasetVersion;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.check.Comparison;
import dev.weir.ml.data.check.ExpectationChecker;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.store.meta.Transaction;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Judges, at the moment of the gate, the expectations whose answer is another at another moment: by
 * the clock, by the last accepted version, by the accepted versions of other datasets. Their
 * answers are never cached, as those of the step are.
 */
final class ExpectationsNow {
    private final Home home;

    ExpectationsNow(Home home) {
        this.home = home;
    }

    /**
     * The report of the step, with these answers in it, in the order of the suite.
     *
     * @param dataset whose accepted version a table is compared with
     * @param table the Parquet file
     * @param baseline the table's own
     */
    ExpectationReport judge(
            ExpectationReport lasting,
            ExpectationSuite suite,
            String dataset,
            Digest table,
            Digest baseline) {
        ExpectationSuite momentary = suite.momentary();
        if (momentary.expectations().isEmpty()) {
            return lasting;
        }
        Comparison comparison =
                home.database().read(tx -> comparison(tx, momentary, dataset, baseline));
        DuckDb duckDb = new DuckDb(home.root().resolve("work"), 1);
        ExpectationReport now =
                new ExpectationChecker(duckDb).check(path(table), momentary, comparison, null);
        return inOrder(lasting.with(now), suite);
    }

    /** In the order of the suite; what one rule says of many columns comes at the end. */
    private static ExpectationReport inOrder(ExpectationReport report, ExpectationSuite suite) {
        Map<String, Integer> places = new HashMap<>();
        suite.expectations().forEach(e -> places.put(e.id(), places.size()));
        return new ExpectationReport(
                report.rows(),
                report.results().stream()
                        .sorted(
                                Comparator.comparingInt(
                                        r -> places.getOrDefault(r.id(), places.size())))
                        .toList());
    }

    private Comparison comparison(
            Transaction tx, ExpectationSuite suite, String dataset, Digest baseline) {
        Optional<DatasetVersion> accepted = home.datasets().accepted(tx, dataset);
        Map<String, Path> others = new HashMap<>();
        for (Dataset other : home.datasets().datasets(tx)) {
            if (suite.expectations().stream().anyMatch(e -> names(e, other.name()))) {
                home.datasets()
                        .accepted(tx, other.name())
                        .ifPresent(version -> others.put(other.name(), path(version.digest())));
            }
        }
        return new Comparison(
                home.clock().instant(),
                accepted.map(version -> path(version.digest())).orElse(null),
                others,
                suite.comparesDrift()
                        ? new StoredBaselines(home).against(tx, suite.drift(), dataset, baseline)
                        : Comparison.Against.nothing("no rule asks for it"));
    }

    private static boolean names(Expectation expectation, String dataset) {
        return switch (expectation.check()) {
            case Expectation.Reference reference -> reference.dataset().equals(dataset);
            case Expectation.Sql sql -> sql.query().contains(dataset);
            default -> false;
        };
    }

    private Path path(Digest digest) {
        return home.blobs()
                .localPath(digest)
                .orElseThrow(
                        () ->
                                Problem.step("store.missing", "blob " + digest + " is gone")
                                        .exception());
    }
}
