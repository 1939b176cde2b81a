package dev.weir.cli;

import dev.weir.stage.ingest.LooseTable;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir data suggest}. */
@Command(
        name = "suggest",
        mixinStandardHelpOptions = true,
        description =
                "Writes an expectation suite that the table itself passes: a start, to be read and"
                        + " tightened.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir data suggest orders.csv",
            "  weir data suggest 'orders-*.parquet' --out orders.yaml"
        })
final class DataSuggestCommand implements Callable<Integer> {
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
            paramLabel = "SUITE",
            description = "The file to write; else the suite is printed.")
    @Nullable Path out;

    DataSuggestCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        Optional<OutputFile> written = OutputFile.of(services, out, List.of(file));
        try (Scratch scratch = Scratch.make(services)) {
            LooseTable table = new LooseTable(scratch.duckDb(), services.folder(), source.json());
            String suite = table.suggest(file);
            written.ifPresent(w -> w.write(suite));
            if (common.json) {
                screen.json(JsonNodeFactory.instance.objectNode().put("suite", suite));
            } else if (out == null) {
                screen.say(suite.stripTrailing());
            } else {
                screen.say(out + " is written. Next:");
                screen.say("  weir data check " + file + " --expect " + out);
            }
            return 0;
        }
    }
}
