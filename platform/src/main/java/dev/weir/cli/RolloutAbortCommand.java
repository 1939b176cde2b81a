package dev.weir.cli;

import dev.weir.stage.deploy.rollout.Rollout;
import dev.weir.stage.deploy.rollout.Rollouts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Transaction;

import picocli.CommandLine.Command;

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
final class RolloutAbortCommand extends RolloutMove {
    RolloutAbortCommand(Services services, Screen screen) {
        super(services, screen);
    }

    @Override
    Rollout moved(Rollouts rollouts, Transaction tx, Actor actor, String endpoint, String reason) {
        return rollouts.abort(tx, actor, endpoint, reason);
    }
}
