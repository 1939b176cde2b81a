package dev.weir.cli;

import dev.weir.stage.deploy.rollout.Rollout;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a person says who moves a rollout. */
final class RolloutWord {
    @Parameters(paramLabel = "ENDPOINT", description = "The endpoint's name.")
    String endpoint = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the record.")
    String reason = "";

    /** Shows what came of it, and gives the exit code. */
    int done(RolloutView view, Rollout rollout, boolean json) {
        if (json) {
            view.json(rollout);
        } else {
            view.show(rollout);
        }
        return RolloutView.exitCode(rollout);
    }
}
