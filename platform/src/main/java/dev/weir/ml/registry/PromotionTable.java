package dev.weir.ml.registry;

import static dev.weir.ml.registry.PromotionState.APPROVED;
import static dev.weir.ml.registry.PromotionState.CARRIED_OUT;
import static dev.weir.ml.registry.PromotionState.FAILED;
import static dev.weir.ml.registry.PromotionState.REJECTED;
import static dev.weir.ml.registry.PromotionState.UNDER_WAY;
import static dev.weir.ml.registry.PromotionState.VOID;
import static dev.weir.ml.registry.PromotionState.WAITING;

import dev.weir.base.problem.Problem;

import java.util.List;
import java.util.stream.Collectors;

/** The lifecycle of a promotion: state, event, next state. What is not here is refused. */
final class PromotionTable {
    /** One row: in {@code from}, {@code event} leads to {@code to}. */
    record Transition(PromotionState from, PromotionEvent event, PromotionState to) {}

    static final List<Transition> TRANSITIONS =
            List.of(
                    new Transition(WAITING, PromotionEvent.APPROVED, APPROVED),
                    new Transition(WAITING, PromotionEvent.REJECTED, REJECTED),
                    new Transition(WAITING, PromotionEvent.CHANGED, VOID),
                    new Transition(APPROVED, PromotionEvent.FINISHED, CARRIED_OUT),
                    new Transition(APPROVED, PromotionEvent.STARTED, UNDER_WAY),
                    new Transition(APPROVED, PromotionEvent.FAILED, FAILED),
                    new Transition(UNDER_WAY, PromotionEvent.FINISHED, CARRIED_OUT),
                    new Transition(UNDER_WAY, PromotionEvent.FAILED, FAILED),
                    new Transition(UNDER_WAY, PromotionEvent.CHANGED, VOID));

    private PromotionTable() {}

    /**
     * The state after an event.
     *
     * @throws dev.weir.base.problem.ProblemException {@code promotion.state}, where the table has
     *     no such row
     */
    static PromotionState next(RequestedPromotion promotion, PromotionEvent event) {
        return TRANSITIONS.stream()
                .filter(row -> row.from() == promotion.state() && row.event() == event)
                .findFirst()
                .map(Transition::to)
                .orElseThrow(() -> refused(promotion, event));
    }

    private static RuntimeException refused(RequestedPromotion promotion, PromotionEvent event) {
        String allowed =
                TRANSITIONS.stream()
                        .filter(row -> row.event() == event)
                        .map(row -> row.from().words())
                        .collect(Collectors.joining(" or "));
        String note = promotion.note().isEmpty() ? "" : " (" + promotion.note() + ")";
        return Problem.refused(
                        "promotion.state",
                        "promotion %s of %s to %s is %s%s and cannot be %s (expected: %s)"
                                .formatted(
                                        promotion.id(),
                                        promotion.ref(),
                                        promotion.target().word(),
                                        promotion.state().words(),
                                        note,
                                        event.words(),
                                        allowed))
                .exception();
    }

    /** The table as a Mermaid state diagram. */
    static String diagram() {
        return TRANSITIONS.stream()
                .map(
                        row ->
                                "    %s --> %s: %s\n"
                                        .formatted(
                                                node(row.from()),
                                                node(row.to()),
                                                row.event().words()))
                .collect(
                        Collectors.joining(
                                "",
                                "stateDiagram-v2\n"
                                        + "    under_way: under way\n"
                                        + "    carried_out: carried out\n"
                                        + "    [*] --> waiting: asked for, an approval is missing\n"
                                        + "    [*] --> approved: asked for, nothing is missing\n",
                                ""));
    }

    private static String node(PromotionState state) {
        return state.words().replace(' ', '_');
    }
}
