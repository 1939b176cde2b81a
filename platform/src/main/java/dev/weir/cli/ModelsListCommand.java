package dev.weir.cli;

import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Stage;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir models list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the registered models, and what of each is in staging and production.",
        footerHeading = "%nExamples:%n",
        footer = {"  weir models list", "  weir models list --json | jq -r '.models[].name'"})
final class ModelsListCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    ModelsListCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            List<Catalogue.Entry> models = new Catalogue(home).models();
            if (common.json) {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                ArrayNode list = json.putArray("models");
                models.forEach(entry -> list.add(entry.model().json()));
                screen.json(json);
            } else if (models.isEmpty()) {
                screen.say("No model is registered yet. weir run makes the first.");
            } else {
                screen.table(
                        List.of("model", "versions", "staging", "production", "newest", "purpose"),
                        models.stream().map(this::row).toList());
            }
        }
        return 0;
    }

    private List<String> row(Catalogue.Entry entry) {
        Optional<ModelVersion> newest = entry.versions().stream().findFirst();
        return List.of(
                screen.bold(entry.model().name()),
                String.valueOf(entry.versions().size()),
                at(entry, Stage.STAGING),
                at(entry, Stage.PRODUCTION),
                newest.map(Headline::first).orElse(""),
                screen.dim(screen.cut(newest.map(ModelVersion::description).orElse(""))));
    }

    private static String at(Catalogue.Entry entry, Stage stage) {
        Long version = entry.model().aliases().get(stage.word());
        return version == null ? "" : entry.model().name() + ":" + version;
    }
}
