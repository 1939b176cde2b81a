package dev.weir.cli;

import dev.weir.project.Home;
import dev.weir.stage.deploy.rollout.Rollout;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** {@code weir rollout finish}. */
@Command(
        name = "finish",
        mixinStandardHelpOptions = true,
        description = {
            "Lets the new version through at once, whatever was seen: you answer for it. The"
                    + " endpoint, the alias and the stage move together.",
            "Exit code: 0 done, 2 no such endpoint, 4 refused: no rollout is under way, or it is"
                    + " where this cannot be done."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir rollout finish income",
            "  weir rollout finish income --reason 'no server runs here'"
        })
final class RolloutFinishCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Mixin RolloutWord word = new RolloutWord();

    RolloutFinishCommand(Services services, Screen screen) {
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
                                                    .finish(
                                                            tx,
                                                            home.actor(),
                                                            word.endpoint,
                                                            word.reason));
            return word.done(new RolloutView(screen, home), rollout, common.json);
        }
    }
}
