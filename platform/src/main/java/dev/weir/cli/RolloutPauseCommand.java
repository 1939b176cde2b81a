package dev.weir.cli;

import dev.weir.stage.deploy.rollout.Rollout;
import dev.weir.stage.deploy.rollout.Rollouts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Transaction;

import picocli.CommandLine.Command;

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
final class RolloutPauseCommand extends RolloutMove {
    RolloutPauseCommand(Services services, Screen screen) {
        super(services, screen);
    }

    @Override
    Rollout moved(Rollouts rollouts, Transaction tx, Actor actor, String endpoint, String reason) {
        return rollouts.pause(tx, actor, endpoint, reason);
    }
}
