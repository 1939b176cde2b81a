package dev.weir.cli;

import dev.weir.project.Home;
import dev.weir.stage.deploy.rollout.Rollout;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;

import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir rollout status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows where the rollout of an endpoint stands, what it waits for, and what each check"
                    + " says; where none is under way, the last one.",
            "Exit code: 0 shown, 2 no such endpoint."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir rollout status income",
            "  weir rollout status income --json | jq -r '.waits[]'"
        })
final class RolloutStatusCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "ENDPOINT", description = "The endpoint's name.")
    String endpoint = "";

    RolloutStatusCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Optional<Rollout> last =
                    home.database()
                            .read(
                                    tx ->
                                            home
                                                    .rollouts()
                                                    .history(
                                                            tx,
                                                            home.endpoints()
                                                                    .named(tx, endpoint)
                                                                    .name())
                                                    .stream()
                                                    .findFirst());
            RolloutView view = new RolloutView(screen, home);
            if (common.json) {
                last.ifPresentOrElse(
                        view::json, () -> screen.json(JsonNodeFactory.instance.objectNode()));
            } else {
                last.ifPresentOrElse(view::show, () -> screen.say(endpoint + ": no rollout yet."));
            }
        }
        return 0;
    }
}
