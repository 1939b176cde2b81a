package dev.weir.cli;

import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.check.CheckPage;
import dev.weir.ml.data.check.Comparison;
import dev.weir.ml.data.expect.DriftTerms;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.gate.Verdict;
import dev.weir.project.Home;
import dev.weir.project.StoredBaselines;
import dev.weir.stage.ingest.LooseTable;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir data check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Holds a table against an expectation suite, all rules each time.",
            "Exit code: 0 the table is as expected (or only warned of), 1 a rule is broken or could"
                    + " not be evaluated, 2 the table or the suite cannot be read."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir data check orders.csv --expect orders.yaml",
            "  weir data check orders.parquet --expect orders.yaml --quarantine bad.parquet --json",
            "  weir data check orders.csv --expect orders.yaml --html report.html",
            "  weir data check new.csv --expect orders.yaml --accepted old.csv --dataset"
                    + " users=users.csv"
        })
final class DataCheckCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();
    @Mixin SourceOptions source = new SourceOptions();

    @Parameters(
            paramLabel = "FILE",
            description = "CSV, Parquet or JSON lines; a glob takes several.")
    String file = "";

    @Option(
            names = "--expect",
            required = true,
            paramLabel = "SUITE",
            description = "The expectation suite, a YAML file.")
    Path expect = Path.of("");

    @Option(
            names = "--quarantine",
            paramLabel = "OUT",
            description = "A Parquet file for the rows that break a rule, with their rules.")
    @Nullable Path quarantine;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also writes the report as a page.")
    @Nullable Path html;

    @Option(
            names = "--accepted",
            paramLabel = "FILE",
            description = "An earlier table that was good, for rules on change.")
    @Nullable String accepted;

    @Option(
            names = "--against",
            paramLabel = "TABLE",
            description =
                    "What rules on drift compare with: a table, what data baseline kept of one, or"
                            + " of this project dataset:NAME or dataset:NAME@v12 (default: the"
                            + " table of --accepted).")
    @Nullable String against;

    @Option(
            names = "--dataset",
            paramLabel = "NAME=FILE",
            description = "Another table, for rules that refer to it; may be given several times.")
    Map<String, String> datasets = new LinkedHashMap<>();

    DataCheckCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        List<String> read = new ArrayList<>(datasets.values());
        read.add(file);
        read.add(expect.toString());
        read.add(Objects.requireNonNullElse(accepted, file));
        read.add(Objects.requireNonNullElse(against, file));
        Optional<OutputFile> page = OutputFile.of(services, html, read);
        Path out = OutputFile.of(services, quarantine, read).map(OutputFile::path).orElse(null);
        try (Scratch scratch = Scratch.make(services)) {
            ExpectationReport report =
                    new LooseTable(scratch.duckDb(), services.folder(), source.json())
                            .check(
                                    file,
                                    new YamlReader()
                                            .read(
                                                    services.folder().resolve(expect),
                                                    ConfigSchema.EXPECTATIONS),
                                    new LooseTable.Beside(
                                            services.clock().instant(),
                                            Optional.ofNullable(accepted),
                                            datasets,
                                            stored(),
                                            Optional.ofNullable(against)),
                                    out);
            page.ifPresent(
                    p -> p.write(CheckPage.of(report, file, services.clock().instant()).html()));
            if (common.json) {
                ObjectNode json = report.json();
                if (out != null) {
                    json.put("quarantine", out.toString());
                }
                screen.json(json);
            } else {
                show(report);
            }
            return switch (report.verdict()) {
                case ERROR, FAIL -> Kind.REJECTED.exitCode();
                case WARN, PASS, SKIPPED -> 0;
            };
        }
    }

    /** The baseline of a dataset version of the project that the person is in. */
    private Optional<Comparison.Against> stored() {
        if (against == null || !against.startsWith(DriftTerms.DATASET)) {
            return Optional.empty();
        }
        DriftTerms terms =
                DriftTerms.of(against)
                        .orElseThrow(
                                () ->
                                        Problem.input(
                                                        "data.against",
                                                        "--against "
                                                                + against
                                                                + " (expected: "
                                                                + DriftTerms.EXPECTED
                                                                + ")")
                                                .exception());
        try (Home home = services.home(Common.project(services))) {
            return Optional.of(
                    home.database()
                            .read(tx -> new StoredBaselines(home).against(tx, terms, null, null)));
        }
    }

    private void show(ExpectationReport report) {
        List<Result> told =
                report.results().stream().filter(r -> r.verdict() != Verdict.PASS).toList();
        if (!told.isEmpty()) {
            screen.table(
                    List.of("rule", "verdict", "evaluated", "violations", "allowed"),
                    told.stream().map(this::row).toList());
            screen.say("");
            told.forEach(r -> screen.say(r.message().replace("\n", "\\n")));
            screen.say("");
        }
        long passed = report.results().size() - told.size();
        long skipped = told.stream().filter(r -> r.verdict() == Verdict.SKIPPED).count();
        screen.say(
                RunLines.painted(screen, report.verdict())
                        + ": %,d of %,d rules hold for %,d %s"
                                .formatted(
                                        passed,
                                        report.results().size(),
                                        report.rows(),
                                        report.rows() == 1 ? "row" : "rows")
                        + (skipped == 0 ? "" : ", %,d skipped".formatted(skipped)));
        if (quarantine != null) {
            screen.say(screen.dim("rows that break a rule are in " + quarantine));
        }
    }

    private List<String> row(Result result) {
        boolean judged = result.verdict() != Verdict.ERROR && result.verdict() != Verdict.SKIPPED;
        return List.of(
                result.id(),
                RunLines.painted(screen, result.verdict()),
                judged ? "%,d".formatted(result.evaluated()) : "",
                result.measured() != null || !judged
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "%,d (%.3f%%)",
                                result.violations(),
                                100 * result.fraction()),
                result.allowed());
    }
}
