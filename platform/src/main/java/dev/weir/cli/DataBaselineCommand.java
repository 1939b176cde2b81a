package dev.weir.cli;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.ml.data.drift.Baselines;
import dev.weir.ml.data.source.TableFile;
import dev.weir.ml.stats.drift.Baseline;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir data baseline}. */
@Command(
        name = "baseline",
        mixinStandardHelpOptions = true,
        description =
                "Keeps what later tables are compared with: for each column bins, counts and"
                        + " quantiles, in a few kilobytes. It holds no row, but the values of"
                        + " categories.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir data baseline orders.parquet --out orders.baseline.json",
            "  weir data drift orders.baseline.json today.parquet"
        })
final class DataBaselineCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();
    @Mixin SourceOptions source = new SourceOptions();

    @Parameters(
            paramLabel = "FILE",
            description = "CSV, Parquet or JSON lines; a glob takes several.")
    String file = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "OUT",
            description = "The file to write, NAME.baseline.json.")
    Path out = Path.of("");

    DataBaselineCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        Optional<OutputFile> written = OutputFile.of(services, out, List.of(file));
        try (Scratch scratch = Scratch.make(services)) {
            TableFile table =
                    TableFile.open(
                            scratch.duckDb(),
                            services.folder(),
                            file,
                            source.json(),
                            scratch.folder().resolve("table.parquet"));
            Baseline baseline = new Baselines(scratch.duckDb()).take(table.parquet());
            written.ifPresent(w -> w.write(CanonicalJson.text(baseline.json())));
            if (common.json) {
                screen.json(baseline.json());
            } else {
                screen.say(
                        String.format(
                                Locale.ROOT,
                                "%s keeps %,d columns of %,d rows. Next:",
                                out,
                                baseline.columns().size(),
                                baseline.rows()));
                screen.say("  weir data drift " + out + " OTHER");
            }
            return 0;
        }
    }
}
