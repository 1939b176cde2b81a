package dev.weir.stage.deploy.rollout;

import dev.weir.stage.deploy.rollout.plan.Deployment;

import java.util.Optional;

/** How each model is to be served, as its pipeline file says at this moment. */
@FunctionalInterface
public interface Deployments {
    /** No pipeline file is known: endpoints stay as they are. */
    Deployments UNKNOWN = model -> Optional.empty();

    /** The section {@code deploy:} of a model's pipeline file, if there is one. */
    Optional<Deployment> of(String model);
}
