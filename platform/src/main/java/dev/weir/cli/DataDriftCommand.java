package dev.weir.cli;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.drift.Baselines;
import dev.weir.ml.data.drift.DriftReport;
import dev.weir.ml.data.drift.PartsDrift;
import dev.weir.ml.data.drift.PartsReport;
import dev.weir.ml.data.drift.TableDrift;
import dev.weir.ml.data.source.TableFile;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.drift.ColumnDrift;
import dev.weir.ml.stats.drift.DistanceScale;
import dev.weir.ml.stats.drift.DriftLimits;
import dev.weir.ml.stats.drift.DriftRule;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** {@code weir data drift}. */
@Command(
        name = "drift",
        mixinStandardHelpOptions = true,
        description = {
            "Compares a table with another, column by column: has its distribution moved?",
            "Exit code: 0 it has not, or only a little; 1 it has, or a column could not be"
                    + " compared; 2 a table cannot be read."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir data drift last-year.csv this-year.csv",
            "  weir data drift a.parquet b.parquet --column age --column income --json",
            "  weir data drift a.csv b.csv --html drift.html",
            "  weir data drift orders.baseline.json today.parquet",
            "  weir data drift readings.csv --parts 12"
        })
final class DataDriftCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();
    @Mixin SourceOptions source = new SourceOptions();

    @Parameters(
            index = "0",
            paramLabel = "REFERENCE",
            description =
                    "What to compare with: a table, or what data baseline kept of one,"
                            + " NAME.baseline.json.")
    String reference = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "CURRENT",
            description = "What to look at; none with --parts.")
    @Nullable String current;

    @Option(
            names = "--parts",
            paramLabel = "N",
            description =
                    "Looks for drift within one table whose rows are in the order of time: compares"
                            + " N parts of equal size with the first, and says from which row on a"
                            + " column has moved.")
    @Nullable Integer parts;

    @Option(
            names = "--column",
            paramLabel = "NAME",
            description = "Only this column; more than once for several.")
    List<String> columns = new ArrayList<>();

    @Option(names = "--warn", paramLabel = "PSI", description = "Warns above it (default: 0.1).")
    double warn = DriftLimits.STANDARD.warn();

    @Option(names = "--fail", paramLabel = "PSI", description = "Fails above it (default: 0.2).")
    double fail = DriftLimits.STANDARD.fail();

    @Option(
            names = "--normalise",
            paramLabel = "BY",
            description = "What divides Wasserstein: std (the default) or iqr, of the reference.")
    String normalise = DistanceScale.By.STD.word();

    @Option(
            names = "--clip",
            description =
                    "For Wasserstein, moves values into the middle 99 %% of the reference, so that"
                            + " an outlier does not decide.")
    boolean clip;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also writes a page with a histogram of each column.")
    @Nullable Path html;

    DataDriftCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        if (!(warn > 0 && warn <= fail)) {
            throw Problem.input(
                            "drift.thresholds",
                            "--warn %s --fail %s (expected: above 0, and warn at most fail)"
                                    .formatted(warn, fail))
                    .exception();
        }
        if ((parts == null) == (current == null)) {
            throw Problem.input(
                            "drift.tables",
                            "weir data drift: "
                                    + (current == null ? "one table" : "two tables and --parts")
                                    + " (expected: two tables, or one with --parts)")
                    .exception();
        }
        if (parts != null) {
            return within(parts);
        }
        Optional<OutputFile> page =
                OutputFile.of(services, html, List.of(reference, Objects.requireNonNull(current)));
        DriftReport report;
        try (Scratch scratch = Scratch.make(services)) {
            report = compare(scratch.duckDb());
        }
        page.ifPresent(p -> p.write(report.page(services.clock().instant()).html()));
        if (common.json) {
            screen.json(report.json());
        } else {
            show(report);
        }
        return exitCode(report.verdict());
    }

    private static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case ERROR, FAIL -> Kind.REJECTED.exitCode();
            case WARN, PASS, SKIPPED -> 0;
        };
    }

    private DriftRule rule() {
        return new DriftRule(warn, fail, DriftRule.STANDARD.alpha(), DriftRule.STANDARD.fewest());
    }

    private int within(int many) throws Exception {
        PartsReport report;
        try (Scratch scratch = Scratch.make(services)) {
            report =
                    new PartsDrift(scratch.duckDb(), rule(), new DistanceScale(by(), clip))
                            .compare(open(scratch.duckDb(), reference, "t.parquet"), many, columns);
        }
        if (common.json) {
            screen.json(report.json());
            return exitCode(report.verdict());
        }
        screen.say(
                screen.bold(report.table())
                        + ": %,d rows in %,d parts, each compared with the first, %s"
                                .formatted(
                                        report.rows(),
                                        report.parts().size(),
                                        report.parts().getFirst().told()));
        screen.say("");
        screen.table(
                List.of("column", "verdict", "moved from row", "parts that moved", "reason"),
                report.columns().stream().map(this::row).toList());
        return exitCode(report.verdict());
    }

    private List<String> row(PartsReport.Line line) {
        PartsReport.Change change = line.change();
        long moved =
                line.verdicts().stream()
                        .filter(v -> v == Verdict.FAIL || v == Verdict.WARN)
                        .count();
        return List.of(
                line.column(),
                RunLines.painted(screen, line.verdict()),
                change == null ? "" : "%,d".formatted(change.row() + 1),
                change == null ? "" : "%,d of %,d".formatted(moved, line.verdicts().size()),
                line.reason().replaceFirst("^" + Pattern.quote(line.column() + ": "), ""));
    }

    private DriftReport compare(DuckDb duckDb) {
        TableFile now = open(duckDb, Objects.requireNonNull(current), "now.parquet");
        TableDrift drift = new TableDrift(duckDb, rule(), new DistanceScale(by(), clip));
        if (reference.endsWith(Baselines.ENDING)) {
            return drift.compare(
                    Baselines.read(services.folder().resolve(reference)), reference, now, columns);
        }
        return drift.compare(open(duckDb, reference, "then.parquet"), now, columns);
    }

    private DistanceScale.By by() {
        for (DistanceScale.By by : DistanceScale.By.values()) {
            if (by.word().equals(normalise)) {
                return by;
            }
        }
        throw Problem.input("drift.normalise", "--normalise " + normalise + " (expected: std, iqr)")
                .exception();
    }

    private TableFile open(DuckDb duckDb, String name, String as) {
        return TableFile.open(
                duckDb, services.folder(), name, source.json(), duckDb.scratch().resolve(as));
    }

    private void show(DriftReport report) {
        screen.say(
                screen.bold(report.current().name())
                        + ": %,d rows, compared with %,d of %s"
                                .formatted(
                                        report.current().rows(),
                                        report.reference().rows(),
                                        report.reference().name()));
        if (!report.exact()) {
            screen.say(
                    screen.dim(
                            "KS and Wasserstein are from quantile sketches; --json says within what"
                                    + " bounds"));
        }
        screen.say("");
        List<List<String>> rows = new ArrayList<>();
        for (Verdict verdict :
                List.of(Verdict.ERROR, Verdict.FAIL, Verdict.WARN, Verdict.SKIPPED, Verdict.PASS)) {
            report.columns().stream()
                    .filter(line -> line.verdict() == verdict)
                    .forEach(line -> rows.add(row(line)));
        }
        screen.table(
                List.of("column", "verdict", "psi", "ks", "missing", "unseen", "reason"), rows);
    }

    private List<String> row(DriftReport.Line line) {
        ColumnDrift drift = line.drift();
        String reason = line.reason().replaceFirst("^" + Pattern.quote(line.column() + ": "), "");
        if (drift == null) {
            return List.of(
                    line.column(),
                    RunLines.painted(screen, line.verdict()),
                    "",
                    "",
                    "",
                    "",
                    reason);
        }
        ColumnDrift.Distances distances = drift.scores().distances();
        return List.of(
                line.column(),
                RunLines.painted(screen, line.verdict()),
                DriftReport.figure(drift.scores().bins().psi()),
                distances == null
                        ? ""
                        : DriftReport.figure(distances.kolmogorovSmirnov().statistic()),
                signed(drift.scores().nullFractionDelta()),
                drift.scores().unseenFraction() > 0 ? percent(drift.scores().unseenFraction()) : "",
                reason);
    }

    private static String signed(double share) {
        return share == 0 ? "" : (share > 0 ? "+" : "-") + percent(Math.abs(share));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
