package dev.weir.pipeline;

import dev.weir.base.problem.Problem;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node between steps. It is passed on every run, after all that it needs is done, and never
 * cached; to pass it twice in the same state must change nothing the second time.
 *
 * @param judges which failures of steps it judges itself: such a step, and those that need what it
 *     would have given, do not stop the run, and the transition is passed without them
 */
public record Transition(
        String name, String stage, Set<String> needs, Judged judges, Passage passage)
        implements Node {
    public Transition {
        needs = Collections.unmodifiableSet(new LinkedHashSet<>(needs));
    }

    /** A transition that is passed when all went well, and not otherwise. */
    public Transition(String name, String stage, Set<String> needs, Passage passage) {
        this(name, stage, needs, (step, problem) -> false, passage);
    }

    /** Which failures a transition judges itself. */
    @FunctionalInterface
    public interface Judged {
        /** Whether this failure of this step is one. */
        boolean judges(Step step, Problem problem);
    }

    /** What happens at a transition. Runs on the engine's thread, between steps. */
    @FunctionalInterface
    public interface Passage {
        /**
         * Looks at what the steps before it gave, and decides.
         *
         * @param runId the run that passes
         * @throws dev.weir.base.problem.ProblemException where it cannot decide: the run fails
         */
        Decision pass(String runId, Results results);
    }

    /** What the steps gave that are done. */
    public interface Results {
        /**
         * The result of a step that this transition needs, directly or through others.
         *
         * @throws IllegalArgumentException for a step that is not done
         */
        StepResult of(String step);

        /** Why a step has no result, where that is for the transition to judge. */
        default Optional<Problem> failure(String step) {
            return Optional.empty();
        }
    }

    /** The answer of a transition. */
    public sealed interface Decision {
        /** The run goes on. */
        record Proceed() implements Decision {}

        /**
         * The run goes on, and has more to do: what that is could not be known before. Nodes whose
         * names the run has already are not added again.
         *
         * @param nodes each after what it needs, which may be any node of the run
         */
        record More(List<Node> nodes) implements Decision {
            public More {
                nodes = List.copyOf(nodes);
            }
        }

        /** The run stops here: what comes after is skipped, and the run is rejected. */
        record Stop(String reason) implements Decision {}
    }
}
