package dev.weir.cli;

import dev.weir.ml.registry.VersionRef;
import dev.weir.project.CatalogueEdits;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;

import java.util.concurrent.Callable;

/** {@code weir models describe}. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Describes a model, or one version of it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir models describe income 'Who earns more than 50k'     the model",
            "  weir models describe income:3 'Trained without sex and race'"
        })
final class ModelsDescribeCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "income for the model; income:3 or income@production for a version.")
    String model = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "What it is; may be empty.")
    String text = "";

    ModelsDescribeCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        VersionRef ref = VersionRef.parse(model);
        try (Home home = services.home(Common.project(services))) {
            new CatalogueEdits(home).describe(ref, text);
        }
        if (common.json) {
            screen.json(
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("of", ref.toString())
                            .put("description", text));
        } else {
            screen.say(screen.bold(ref.toString()) + " is described.");
        }
        return 0;
    }
}
