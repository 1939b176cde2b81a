package dev.weir.pipeline;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One node of a run that is going on. Touched by the engine's thread only. */
final class Slot {
    enum Phase {
        /** Something that it needs is not done. */
        WAITING,
        /** May start. */
        READY,
        RUNNING,
        DONE,
        FAILED,
        SKIPPED
    }

    final Node node;
    final int position;
    final List<Slot> successors = new ArrayList<>();
    Phase phase = Phase.WAITING;
    int missing;
    @Nullable StepKey key;
    @Nullable StepResult result;
    @Nullable Attempt attempt;

    /** Why it has no result, where a transition after it judges that. */
    @Nullable Problem excuse;

    /** Must run though its result is known. */
    boolean forced;

    /** Runs on an input that has been withdrawn since: its result will not count for this run. */
    boolean stale;

    int attempts;
    int failures;
    Instant notBefore = Instant.MIN;

    Slot(Node node, int position) {
        this.node = node;
        this.position = position;
    }

    boolean ended() {
        return phase == Phase.DONE || phase == Phase.FAILED || phase == Phase.SKIPPED;
    }

    Step step() {
        if (node instanceof Step step) {
            return step;
        }
        throw new IllegalStateException(node.name() + " is no step");
    }
}
