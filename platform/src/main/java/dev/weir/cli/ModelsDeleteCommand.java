package dev.weir.cli;

import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.VersionRef;
import dev.weir.project.CatalogueEdits;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code weir models delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = {
            "Deletes a version that nothing needs: no stage, no alias, no endpoint, no promotion"
                    + " that waits, no run under way, and not the history of production.",
            "The ledger keeps what happened to it, and its number is not given again. weir store gc"
                    + " then frees what only it used.",
            "Exit code: 0 deleted, 2 no such version, 4 refused: something needs it, and is named."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir models delete income:2", "  weir models delete income:2 --json"})
final class ModelsDeleteCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "VERSION", description = "With its number: income:2.")
    String version = "";

    ModelsDeleteCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        VersionRef ref = VersionRef.parse(version);
        if (!(ref.pick() instanceof VersionRef.Number)) {
            throw Problem.input(
                            "version.number",
                            "version: " + version + " (expected: a number, such as income:2)")
                    .hint("What an alias names, or what is newest, may be another tomorrow.")
                    .exception();
        }
        try (Home home = services.home(Common.project(services))) {
            ModelVersion deleted = new CatalogueEdits(home).delete(ref);
            if (common.json) {
                screen.json(deleted.json());
            } else {
                screen.say(screen.bold(deleted.ref().toString()) + " is deleted.");
                screen.say(screen.dim("  weir store gc frees what only it used"));
            }
        }
        return 0;
    }
}
