package dev.weir.cli;

import dev.weir.ml.registry.VersionRef;
import dev.weir.project.Home;
import dev.weir.project.Predicting;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir models export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes the folder of a version: the ONNX file, its signature, a card.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir models export income:3",
            "  weir models export income@production --out /srv/models/income"
        })
final class ModelsExportCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "VERSION", description = "income:3, income@production.")
    String version = "";

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Not there, or empty (default: income-3 for income:3).")
    @Nullable Path out;

    ModelsExportCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws IOException {
        VersionRef ref = VersionRef.parse(version);
        Path folder = out == null ? Path.of(version.replaceAll("[:@]", "-")) : out;
        try (Home home = services.home(Common.project(services))) {
            List<String> files =
                    new Predicting(home)
                            .export(ref, services.folder().resolve(folder).toAbsolutePath());
            if (common.json) {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                json.put("folder", folder.toString());
                files.forEach(json.putArray("files")::add);
                screen.json(json);
            } else {
                screen.say(folder + " is written: " + String.join(", ", files));
            }
        }
        return 0;
    }
}
