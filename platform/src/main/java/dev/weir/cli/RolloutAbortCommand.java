package dev.weir.cli;

import dev.weir.project.Home;
import dev.weir.stage.deploy.rollout.Rollout;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** {@code weir rollout abort}. */
@Command(
        name = "abort",
        mixinStandardHelpOptions = true,
        description = {
            "Ends a rollout: all traffic is the old version's at once.",
            "Exit code: 0 done, 2 no such endpoint, 4 refused: no rollout is under way, or it is"
                    + " where this cannot be done."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir rollout abort income",
            "  weir rollout abort income --reason 'wrong prices'"
        })
final class RolloutAbortCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Mixin RolloutWord word = new RolloutWord();

    RolloutAbortCommand(Services services, Screen screen) {
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
                                                    .abort(
                                                            tx,
                                                            home.actor(),
                                                            word.endpoint,
                                                            word.reason));
            return word.done(new RolloutView(screen, home), rollout, common.json);
        }
    }
}
