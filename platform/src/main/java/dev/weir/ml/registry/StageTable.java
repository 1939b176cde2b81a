package dev.weir.ml.registry;

import static dev.weir.ml.registry.Stage.ARCHIVED;
import static dev.weir.ml.registry.Stage.DEVELOPMENT;
import static dev.weir.ml.registry.Stage.PRODUCTION;
import static dev.weir.ml.registry.Stage.STAGING;

import dev.weir.base.problem.Problem;

import java.util.List;
import java.util.stream.Collectors;

/** The lifecycle of a model version: state, event, next state. What is not here is refused. */
final class StageTable {
    /** One row: in {@code from}, {@code event} leads to {@code to}. */
    record Transition(Stage from, StageEvent event, Stage to) {}

    static final List<Transition> TRANSITIONS =
            List.of(
                    new Transition(DEVELOPMENT, StageEvent.VALIDATED, STAGING),
                    new Transition(DEVELOPMENT, StageEvent.REJECTED, DEVELOPMENT),
                    new Transition(DEVELOPMENT, StageEvent.RETIRED, ARCHIVED),
                    new Transition(STAGING, StageEvent.VALIDATED, STAGING),
                    new Transition(STAGING, StageEvent.REJECTED, DEVELOPMENT),
                    new Transition(STAGING, StageEvent.PROMOTED, PRODUCTION),
                    new Transition(STAGING, StageEvent.RESTORED, PRODUCTION),
                    new Transition(STAGING, StageEvent.RETIRED, ARCHIVED),
                    new Transition(STAGING, StageEvent.SUPERSEDED, ARCHIVED),
                    // People and monitors decide over what is in use, not a later judgement.
                    new Transition(PRODUCTION, StageEvent.VALIDATED, PRODUCTION),
                    new Transition(PRODUCTION, StageEvent.REJECTED, PRODUCTION),
                    new Transition(PRODUCTION, StageEvent.SUPERSEDED, ARCHIVED),
                    new Transition(PRODUCTION, StageEvent.ROLLED_BACK, ARCHIVED),
                    new Transition(PRODUCTION, StageEvent.RETIRED, ARCHIVED),
                    // Several may be there: then it never left.
                    new Transition(PRODUCTION, StageEvent.RESTORED, PRODUCTION),
                    new Transition(ARCHIVED, StageEvent.VALIDATED, STAGING),
                    new Transition(ARCHIVED, StageEvent.REJECTED, ARCHIVED),
                    new Transition(ARCHIVED, StageEvent.RESTORED, PRODUCTION),
                    // What clients registered has no gates: it goes where people put it.
                    new Transition(DEVELOPMENT, StageEvent.STAGED, STAGING),
                    new Transition(PRODUCTION, StageEvent.STAGED, STAGING),
                    new Transition(ARCHIVED, StageEvent.STAGED, STAGING),
                    new Transition(DEVELOPMENT, StageEvent.RELEASED, PRODUCTION),
                    new Transition(STAGING, StageEvent.RELEASED, PRODUCTION),
                    new Transition(ARCHIVED, StageEvent.RELEASED, PRODUCTION),
                    new Transition(STAGING, StageEvent.WITHDRAWN, DEVELOPMENT),
                    new Transition(PRODUCTION, StageEvent.WITHDRAWN, DEVELOPMENT),
                    new Transition(ARCHIVED, StageEvent.WITHDRAWN, DEVELOPMENT));

    private StageTable() {}

    /**
     * The stage after an event.
     *
     * @throws dev.weir.base.problem.ProblemException {@code version.stage}, where the table has no
     *     such row
     */
    static Stage next(VersionRef version, Stage from, StageEvent event) {
        return TRANSITIONS.stream()
                .filter(row -> row.from() == from && row.event() == event)
                .findFirst()
                .map(Transition::to)
                .orElseThrow(() -> refused(version, from, event));
    }

    private static RuntimeException refused(VersionRef version, Stage from, StageEvent event) {
        String allowed =
                TRANSITIONS.stream()
                        .filter(row -> row.event() == event)
                        .map(row -> row.from().word())
                        .collect(Collectors.joining(" or "));
        return Problem.refused(
                        "version.stage",
                        "%s is in %s and cannot be %s (expected: %s)"
                                .formatted(version, from.word(), event.words(), allowed))
                .exception();
    }

    /** The table as a Mermaid state diagram. */
    static String diagram() {
        return TRANSITIONS.stream()
                .map(
                        row ->
                                "    %s --> %s: %s%n"
                                        .formatted(
                                                row.from().word(),
                                                row.to().word(),
                                                row.event().words())
                                        .replace("\r\n", "\n"))
                .collect(Collectors.joining("", "stateDiagram-v2\n    [*] --> development\n", ""));
    }
}
