package dev.weir.cli;

import dev.weir.base.problem.Kind;
import dev.weir.ml.registry.VersionRef;
import dev.weir.project.Home;
import dev.weir.project.Level;
import dev.weir.project.Reproduction;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir reproduce}. */
@Command(
        name = "reproduce",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a model version again from its registry entry alone, in a clean place, and says"
                    + " how much of it is the same.",
            "R0 same bytes, R1 same predictions, R2 same decisions, R3 same metrics, R4 different.",
            "Exit code: 0 for R0 to R3, 1 for R4 or where the recipe is not whole."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir reproduce income@production", "  weir reproduce income:1 --json"})
final class ReproduceCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "VERSION", description = "income, income:3 or income@production.")
    String version = "";

    ReproduceCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        VersionRef ref = VersionRef.parse(version);
        try (Home home = services.home(Common.project(services))) {
            Reproduction reproduction = new Reproduction(home, services.runtime());
            Reproduction.Proof proof =
                    new RunView(screen).watched(progress -> reproduction.reproduce(ref, progress));
            show(proof);
            return proof.level() == Level.R4 ? Kind.REJECTED.exitCode() : 0;
        }
    }

    private void show(Reproduction.Proof proof) {
        if (common.json) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("model", proof.version().ref().toString());
            json.put("level", proof.level().name());
            json.put("same", proof.same());
            ArrayNode differs = json.putArray("differs");
            for (Reproduction.Difference difference : proof.differs()) {
                differs.addObject()
                        .put("link", difference.link().word())
                        .put("what", difference.what())
                        .put("recorded", difference.recorded())
                        .put("here", difference.here());
            }
            json.put("digest", proof.digest().hex());
            json.put("note", proof.note());
            screen.json(json);
            return;
        }
        String level = proof.level().name();
        screen.say("");
        screen.say(
                screen.bold(proof.version().ref().toString())
                        + ": "
                        + (proof.level() == Level.R4 ? screen.red(level) : screen.green(level))
                        + ", "
                        + proof.note());
        screen.say(screen.dim("  registered " + proof.version().content().brief()));
        screen.say(screen.dim("  made again " + proof.digest().brief()));
        if (!proof.differs().isEmpty()) {
            List<List<String>> rows =
                    proof.differs().stream()
                            .map(
                                    d ->
                                            List.of(
                                                    d.link().word(),
                                                    d.what(),
                                                    Screen.brief(d.recorded()),
                                                    Screen.brief(d.here())))
                            .toList();
            screen.table(List.of("link", "what differs", "recorded", "here"), rows);
        }
    }
}
