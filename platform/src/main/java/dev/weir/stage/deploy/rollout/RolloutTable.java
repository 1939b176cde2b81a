package dev.weir.stage.deploy.rollout;

import static dev.weir.stage.deploy.rollout.RolloutState.ABORTED;
import static dev.weir.stage.deploy.rollout.RolloutState.CANARY;
import static dev.weir.stage.deploy.rollout.RolloutState.COMPLETED;
import static dev.weir.stage.deploy.rollout.RolloutState.FAILED;
import static dev.weir.stage.deploy.rollout.RolloutState.FINISHING;
import static dev.weir.stage.deploy.rollout.RolloutState.FLIPPED;
import static dev.weir.stage.deploy.rollout.RolloutState.PAUSED;
import static dev.weir.stage.deploy.rollout.RolloutState.ROLLED_BACK;
import static dev.weir.stage.deploy.rollout.RolloutState.SHADOW;
import static dev.weir.stage.deploy.rollout.RolloutState.SMOKE_TEST;

import dev.weir.base.problem.Problem;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lifecycle of a rollout: state, event, and the states that may follow. Which of them does is
 * the plan's affair: after a step that passed comes the plan's next step. What is not here is
 * refused.
 */
final class RolloutTable {
    /** One row: in {@code from}, {@code event} may lead to {@code to}. */
    record Transition(RolloutState from, RolloutEvent event, RolloutState to) {}

    static final List<Transition> TRANSITIONS = rows();

    private RolloutTable() {}

    private static List<Transition> rows() {
        List<Transition> rows = new ArrayList<>();
        may(rows, SMOKE_TEST, RolloutEvent.SMOKE_PASSED, SHADOW, CANARY, FLIPPED, FINISHING);
        may(rows, SMOKE_TEST, RolloutEvent.SMOKE_FAILED, FAILED);
        may(rows, SMOKE_TEST, RolloutEvent.RESTARTED, SMOKE_TEST);
        may(rows, SMOKE_TEST, RolloutEvent.ABORTED, ABORTED);
        may(rows, SMOKE_TEST, RolloutEvent.FINISH_ASKED, FINISHING);
        may(rows, SHADOW, RolloutEvent.STEP_PASSED, CANARY, FLIPPED, FINISHING);
        may(rows, CANARY, RolloutEvent.STEP_PASSED, CANARY, FLIPPED, FINISHING);
        may(rows, FLIPPED, RolloutEvent.STEP_PASSED, FINISHING);
        for (RolloutState step : List.of(SHADOW, CANARY, FLIPPED)) {
            may(rows, step, RolloutEvent.STEP_FAILED, ROLLED_BACK);
            may(rows, step, RolloutEvent.NOT_ENOUGH_EVIDENCE, step);
            may(rows, step, RolloutEvent.TRAFFIC_STOPPED, step);
            may(rows, step, RolloutEvent.RESTARTED, step);
            may(rows, step, RolloutEvent.PAUSED, PAUSED);
            may(rows, step, RolloutEvent.ABORTED, ABORTED);
            may(rows, step, RolloutEvent.FINISH_ASKED, FINISHING);
        }
        may(rows, PAUSED, RolloutEvent.RESUMED, SHADOW, CANARY, FLIPPED);
        may(rows, PAUSED, RolloutEvent.RESTARTED, PAUSED);
        may(rows, PAUSED, RolloutEvent.STEP_FAILED, ROLLED_BACK);
        may(rows, PAUSED, RolloutEvent.ABORTED, ABORTED);
        may(rows, PAUSED, RolloutEvent.FINISH_ASKED, FINISHING);
        may(rows, FINISHING, RolloutEvent.PROMOTED, COMPLETED);
        for (RolloutState state : List.of(SMOKE_TEST, SHADOW, CANARY, FLIPPED, PAUSED, FINISHING)) {
            may(rows, state, RolloutEvent.PROMOTION_REFUSED, FAILED);
        }
        return List.copyOf(rows);
    }

    private static void may(
            List<Transition> rows, RolloutState from, RolloutEvent event, RolloutState... to) {
        for (RolloutState state : to) {
            rows.add(new Transition(from, event, state));
        }
    }

    /** Whether an event can happen in a state at all. */
    static boolean takes(RolloutState from, RolloutEvent event) {
        return TRANSITIONS.stream().anyMatch(row -> row.from() == from && row.event() == event);
    }

    /**
     * Refuses what the table does not have.
     *
     * @throws dev.weir.base.problem.ProblemException {@code rollout.state}
     */
    static void check(Rollout rollout, RolloutEvent event) {
        RolloutState from = rollout.state();
        if (!takes(from, event)) {
            String allowed =
                    TRANSITIONS.stream()
                            .filter(row -> row.event() == event)
                            .map(row -> row.from().words())
                            .distinct()
                            .collect(Collectors.joining(" or "));
            throw Problem.refused(
                            "rollout.state",
                            "the rollout of %s on %s is %s and cannot be %s (expected: %s)"
                                    .formatted(
                                            rollout.candidate(),
                                            rollout.endpoint(),
                                            from.words(),
                                            event.words(),
                                            allowed))
                    .exception();
        }
    }

    /**
     * The state after an event: {@code to}, which the table must allow.
     *
     * @throws dev.weir.base.problem.ProblemException {@code rollout.state}
     */
    static RolloutState next(Rollout rollout, RolloutEvent event, RolloutState to) {
        check(rollout, event);
        if (!TRANSITIONS.contains(new Transition(rollout.state(), event, to))) {
            throw Problem.defect(
                            "rollout.transition",
                            "%s: %s leads to %s (expected: a row of the table)"
                                    .formatted(rollout.state().words(), event.words(), to.words()))
                    .exception();
        }
        return to;
    }

    /** The table as a Mermaid state diagram. */
    static String diagram() {
        return TRANSITIONS.stream()
                .map(
                        row ->
                                "    %s --> %s: %s\n"
                                        .formatted(
                                                row.from().word(),
                                                row.to().word(),
                                                row.event().words()))
                .collect(
                        Collectors.joining(
                                "", "stateDiagram-v2\n    [*] --> smoke_test: requested\n", ""));
    }
}
