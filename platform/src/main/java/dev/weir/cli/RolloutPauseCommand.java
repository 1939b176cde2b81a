package dev.weir.cli;

import dev.weir.project.Home;
import dev.weir.stage.deploy.rollout.Rollout;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** {@code weir rollout pause}. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = {
            "Stops a rollout where it is: who answers what stays as it is. A check that fails still"
                    + " takes all traffic back.",
            "Exit code: 0 done, 2 no such endpoint, 4 refused: no rollout is under way, or it is"
                    + " where this cannot be done."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir rollout pause income",
            "  weir rollout pause income --reason 'over the weekend'"
        })
final class RolloutPauseCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Mixin RolloutWord word = new RolloutWord();

    RolloutPauseCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Rollout rollout =
                    home.database()
                            .write(
                                    tx ->
                                            home.rollouts()
                                                    .pause(
                                                            tx,
                                                            home.actor(),
                                                            word.endpoint,
                                                            word.reason));
            return word.done(new RolloutView(screen, home), rollout, common.json);
        }
    }
}
