package dev.weir.cli;

import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Stage;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir models versions}. */
@Command(
        name = "versions",
        mixinStandardHelpOptions = true,
        description = "Lists the versions of a model, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {"  weir models versions income", "  weir models versions income --json"})
final class ModelsVersionsCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "MODEL", description = "The model's name.")
    String model = "";

    ModelsVersionsCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Catalogue.Entry entry = new Catalogue(home).model(model);
            if (common.json) {
                ObjectNode json = entry.model().json();
                ArrayNode list = json.putArray("versions");
                for (ModelVersion version : entry.versions()) {
                    ObjectNode one = version.json();
                    entry.aliases(version).forEach(one.putArray("aliases")::add);
                    list.add(one);
                }
                screen.json(json);
            } else {
                screen.table(
                        List.of("version", "stage", "aliases", "metric", "registered", "recipe"),
                        entry.versions().stream().map(v -> row(entry, v)).toList());
            }
        }
        return 0;
    }

    private List<String> row(Catalogue.Entry entry, ModelVersion version) {
        return List.of(
                version.ref().toString(),
                painted(screen, version.stage()),
                String.join(", ", entry.aliases(version)),
                Headline.first(version),
                Screen.time(version.created()),
                version.recipe().complete()
                        ? "complete"
                        : screen.yellow("lacks " + ModelsShowCommand.missing(version)));
    }

    static String painted(Screen screen, Stage stage) {
        String word = stage.word();
        return switch (stage) {
            case PRODUCTION -> screen.green(word);
            case STAGING -> screen.yellow(word);
            case DEVELOPMENT -> word;
            case ARCHIVED -> screen.dim(word);
        };
    }
}
