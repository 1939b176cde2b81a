package dev.weir.cli;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DatasetVersion;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.VersionRef;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;
import dev.weir.project.Lineage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code weir lineage}. */
@Command(
        name = "lineage",
        mixinStandardHelpOptions = true,
        description = {
            "Says from where a model version came: tables, code, run; and where it stands now.",
            "Of a dataset version it says which model versions were made of it or judged on it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir lineage income@production",
            "  weir lineage income:3 --json",
            "  weir lineage dataset:income:2"
        })
final class LineageCommand implements Callable<Integer> {
    private static final Pattern DATASET = Pattern.compile("dataset:(.+):v?([0-9]{1,18})");

    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(
            paramLabel = "VERSION",
            description = "income:3, income@production; or dataset:NAME:NUMBER.")
    String of = "";

    LineageCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            boolean data = of.startsWith("dataset:");
            Lineage lineage = lineage(new Catalogue(home), data);
            if (common.json) {
                screen.json(lineage.json());
            } else if (data) {
                lineage.datasets().forEach(this::table);
                screen.say("");
                versions(lineage.versions());
            } else {
                lineage.versions().forEach(this::version);
            }
            if (!common.json && !data) {
                lineage.datasets().forEach(this::table);
            }
        }
        return 0;
    }

    private Lineage lineage(Catalogue catalogue, boolean data) {
        if (!data) {
            return catalogue.lineage(VersionRef.parse(of));
        }
        Matcher named = DATASET.matcher(of);
        if (!named.matches()) {
            throw Problem.input(
                            "lineage.dataset",
                            of + " (expected: dataset:NAME:NUMBER, such as dataset:income:2)")
                    .exception();
        }
        return catalogue.lineage(named.group(1), Long.parseLong(named.group(2)));
    }

    private void version(Lineage.Made made) {
        ModelVersion version = made.version();
        screen.say(
                screen.bold(version.ref().toString())
                        + "  "
                        + ModelsVersionsCommand.painted(screen, version.stage())
                        + (made.aliases().isEmpty() ? "" : "  " + String.join(", ", made.aliases()))
                        + screen.dim("  registered " + Screen.time(version.created())));
        for (Link link : Link.values()) {
            version.recipe()
                    .link(link)
                    .ifPresent(
                            value ->
                                    screen.say(
                                            "  <- %-12s %s"
                                                    .formatted(
                                                            link.word(),
                                                            RecipeLines.words(link, value))));
        }
    }

    private void table(DatasetVersion table) {
        screen.say(
                "%s  %,d rows, from %s"
                                .formatted(
                                        screen.bold("dataset:" + table.ref()),
                                        table.rows(),
                                        table.source())
                        + screen.dim("  since " + Screen.time(table.created())));
        if (table.runId() != null) {
            screen.say("  <- run          " + Screen.brief(table.runId()));
        }
    }

    private void versions(List<Lineage.Made> versions) {
        if (versions.isEmpty()) {
            screen.say("No model version was made of it.");
            return;
        }
        screen.table(
                List.of("made of it", "stage", "aliases", "registered"),
                versions.stream()
                        .map(
                                made ->
                                        List.of(
                                                made.version().ref().toString(),
                                                ModelsVersionsCommand.painted(
                                                        screen, made.version().stage()),
                                                String.join(", ", made.aliases()),
                                                Screen.time(made.version().created())))
                        .toList());
    }
}
