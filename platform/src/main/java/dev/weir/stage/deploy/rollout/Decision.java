package dev.weir.stage.deploy.rollout;

import dev.weir.stage.deploy.rollout.watch.Finding;

import java.util.List;
import java.util.Optional;

/**
 * What a look at a rollout came to.
 *
 * @param after the rollout as it is then
 * @param event for the ledger; empty where there is nothing to tell
 * @param findings what each check said
 */
public record Decision(Rollout after, Optional<RolloutEvent> event, List<Finding> findings) {
    public Decision {
        findings = List.copyOf(findings);
    }
}
