package dev.weir.cli;

import dev.weir.ml.registry.VersionRef;
import dev.weir.project.Home;
import dev.weir.project.Predicting;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir predict}. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = {
            "Scores a table with a registered model version: the rows, with what it says beside"
                    + " them.",
            "Of two classes that is score and decision, of many decision and p_LABEL for each, of a"
                    + " regression score."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir predict income@production people.csv --out scored.csv",
            "  weir predict income:3 'people-*.parquet' --out scored.parquet"
        })
final class PredictCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();
    @Mixin SourceOptions source = new SourceOptions();

    @Parameters(index = "0", paramLabel = "VERSION", description = "income:3, income@production.")
    String version = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "CSV, Parquet or JSON lines; a glob takes several.")
    String file = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The file to write: CSV where its name ends so, else Parquet.")
    Path out = Path.of("");

    PredictCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        VersionRef ref = VersionRef.parse(version);
        OutputFile written = OutputFile.of(services, out, List.of(file)).orElseThrow();
        try (Home home = services.home(Common.project(services));
                Scratch scratch = Scratch.make(services)) {
            Predicting.Scored scored =
                    new Predicting(home)
                            .score(
                                    ref,
                                    services.folder(),
                                    file,
                                    source.json(),
                                    scratch.duckDb(),
                                    written.path());
            if (common.json) {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                json.put("version", scored.version().ref().toString());
                json.put("rows", scored.rows());
                json.put("out", out.toString());
                screen.json(json);
            } else {
                scored.guesses().forEach(guess -> screen.note(screen.dim("  · ") + guess));
                screen.say(
                        "%s is written: %,d rows, scored by %s"
                                .formatted(
                                        out,
                                        scored.rows(),
                                        screen.bold(scored.version().ref().toString())));
            }
        }
        return 0;
    }
}
