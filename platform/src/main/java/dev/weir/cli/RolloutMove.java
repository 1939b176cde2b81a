package dev.weir.cli;

import dev.weir.project.Home;
import dev.weir.stage.deploy.rollout.Rollout;
import dev.weir.stage.deploy.rollout.Rollouts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Transaction;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** A command by which a person moves a rollout, and is shown where it stands then. */
abstract class RolloutMove implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "ENDPOINT", description = "The endpoint's name.")
    String endpoint = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the record.")
    String reason = "";

    RolloutMove(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    /** The rollout on an endpoint, moved. */
    abstract Rollout moved(
            Rollouts rollouts, Transaction tx, Actor actor, String endpoint, String reason);

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Rollout rollout =
                    home.database()
                            .write(
                                    tx ->
                                            moved(
                                                    home.rollouts(),
                                                    tx,
                                                    home.actor(),
                                                    endpoint,
                                                    reason));
            RolloutView view = new RolloutView(screen, home);
            if (common.json) {
                view.json(rollout);
            } else {
                view.show(rollout);
            }
            return RolloutView.exitCode(rollout);
        }
    }
}
