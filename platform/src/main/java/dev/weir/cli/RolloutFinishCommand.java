package dev.weir.cli;

import dev.weir.stage.deploy.rollout.Rollout;
import dev.weir.stage.deploy.rollout.Rollouts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Transaction;

import picocli.CommandLine.Command;

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
final class RolloutFinishCommand extends RolloutMove {
    RolloutFinishCommand(Services services, Screen screen) {
        super(services, screen);
    }

    @Override
    Rollout moved(Rollouts rollouts, Transaction tx, Actor actor, String endpoint, String reason) {
        return rollouts.finish(tx, actor, endpoint, reason);
    }
}
