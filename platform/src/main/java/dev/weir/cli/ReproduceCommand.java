package dev.weir.cli;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.VersionRef;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;
import dev.weir.project.Reproduction;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir reproduce}. */
@Command(
        name = "reproduce",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a model version again from its registry entry alone, in a clean place, and says"
                    + " how much of it is the same.",
            "R0 same bytes, R1 same predictions, R2 same decisions, R3 same metrics, R4 different.",
            "With --all it does so for every version of the workspace, or of one model.",
            "Exit code: 0 for R0 to R3, 1 for R4 or where the recipe is not whole."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir reproduce income@production",
            "  weir reproduce income:1 --json",
            "  weir reproduce --all"
        })
final class ReproduceCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(
            arity = "0..1",
            paramLabel = "VERSION",
            description = "income, income:3 or income@production; with --all a model.")
    @Nullable String version;

    @Option(names = "--all", description = "Every version, and a table of them.")
    boolean all;

    ReproduceCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        if (version == null && !all) {
            throw Problem.input("reproduce.version", "no version is named")
                    .hint("Name one, such as income@production; or say --all.")
                    .exception();
        }
        try (Home home = services.home(Common.project(services))) {
            Reproduction reproduction = new Reproduction(home, services.runtime());
            return all
                    ? every(home, reproduction)
                    : one(reproduction, VersionRef.parse(String.valueOf(version)));
        }
    }

    private int one(Reproduction reproduction, VersionRef ref) {
        Reproduction.Proof proof =
                new RunView(screen).watched(progress -> reproduction.reproduce(ref, progress));
        if (common.json) {
            screen.json(json(proof));
        } else {
            show(proof);
        }
        return proof.kept() ? 0 : Kind.REJECTED.exitCode();
    }

    /** What came of one version: a proof, or why there is none. */
    private record Tried(ModelVersion version, Optional<Reproduction.Proof> proof, String problem) {
        boolean same() {
            return proof.isPresent() && proof.get().kept();
        }

        String level() {
            return proof.map(each -> each.level().name()).orElse("none");
        }

        String told() {
            return proof.map(Reproduction.Proof::note).orElse(problem);
        }
    }

    private int every(Home home, Reproduction reproduction) {
        Catalogue catalogue = new Catalogue(home);
        List<Tried> tried =
                (version == null ? catalogue.models() : List.of(catalogue.model(version)))
                        .stream()
                                .flatMap(entry -> entry.versions().reversed().stream())
                                .map(each -> tried(reproduction, each))
                                .toList();
        if (common.json) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            ArrayNode versions = json.putArray("versions");
            for (Tried each : tried) {
                versions.add(
                        each.proof()
                                .map(this::json)
                                .orElseGet(
                                        () ->
                                                JsonNodeFactory.instance
                                                        .objectNode()
                                                        .put(
                                                                "model",
                                                                each.version().ref().toString())
                                                        .putNull("level")
                                                        .put("note", each.problem())));
            }
            screen.json(json);
        } else {
            screen.say("");
            screen.table(
                    List.of("version", "level", "stage", "what was found"),
                    tried.stream().map(this::row).toList());
        }
        return tried.stream().allMatch(Tried::same) ? 0 : Kind.REJECTED.exitCode();
    }

    private Tried tried(Reproduction reproduction, ModelVersion each) {
        try {
            return new Tried(
                    each,
                    Optional.of(
                            new RunView(screen)
                                    .watched(
                                            progress ->
                                                    reproduction.reproduce(each.ref(), progress))),
                    "");
        } catch (ProblemException e) {
            return new Tried(each, Optional.empty(), e.problems().getFirst().message());
        }
    }

    private List<String> row(Tried each) {
        return List.of(
                each.version().ref().toString(),
                each.same() ? screen.green(each.level()) : screen.red(each.level()),
                ModelsVersionsCommand.painted(screen, each.version().stage()),
                each.told());
    }

    private ObjectNode json(Reproduction.Proof proof) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", proof.version().ref().toString());
        json.put("level", proof.level().name());
        json.put("promised", proof.promised().name());
        json.put("kept", proof.kept());
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
        return json.put("note", proof.note());
    }

    private void show(Reproduction.Proof proof) {
        String level = proof.level().name();
        screen.say("");
        screen.say(
                screen.bold(proof.version().ref().toString())
                        + ": "
                        + (proof.kept() ? screen.green(level) : screen.red(level))
                        + ", "
                        + proof.note());
        if (!proof.kept()) {
            screen.say("  it was to come as near as " + proof.promised().name());
        }
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
