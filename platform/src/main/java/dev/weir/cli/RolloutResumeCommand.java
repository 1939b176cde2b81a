package dev.weir.cli;

import dev.weir.stage.deploy.rollout.Rollout;
import dev.weir.stage.deploy.rollout.Rollouts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Transaction;

import picocli.CommandLine.Command;

/** {@code weir rollout resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = {
            "Has a paused rollout go on.",
            "Exit code: 0 done, 2 no such endpoint, 4 refused: no rollout is under way, or it is"
                    + " where this cannot be done."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir rollout resume income"})
final class RolloutResumeCommand extends RolloutMove {
    RolloutResumeCommand(Services services, Screen screen) {
        super(services, screen);
    }

    @Override
    Rollout moved(Rollouts rollouts, Transaction tx, Actor actor, String endpoint, String reason) {
        return rollouts.resume(tx, actor, endpoint, reason);
    }
}
