package dev.weir.stage.deploy;

import dev.weir.stage.deploy.rollout.Route;
import dev.weir.stage.deploy.rollout.SmokeTest;
import dev.weir.stage.deploy.rollout.evidence.Evidence;

import java.util.List;

/** What is behind the endpoints of a home, and where is written down what was seen there. */
public interface Behind {
    /** A number that grows with every change of what {@link #routes} gives. */
    long revision();

    /** How every endpoint is to be answered now. */
    List<Route> routes();

    /**
     * Opens a version; may take seconds.
     *
     * @throws dev.weir.base.problem.ProblemException where it is damaged, or cannot be opened
     */
    OpenedModel open(Placed placed);

    /** Writes down what was seen in a step of a rollout. */
    void saw(String rollout, int step, Evidence evidence);

    /**
     * Lets rollouts go on, where it is time.
     *
     * @param smoke tries the version of a rollout before it gets any traffic
     */
    void tick(SmokeTest smoke);
}
