package dev.weir.cli;

import dev.weir.ml.registry.Promotion;
import dev.weir.ml.registry.PromotionState;
import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.RequestedPromotion;

import tools.jackson.databind.node.ObjectNode;

/** What came of a promotion that somebody asked for, as a person sees it. */
final class PromotionView {
    private final Screen screen;
    private final Promotions promotions;

    PromotionView(Screen screen, Promotions promotions) {
        this.screen = screen;
        this.promotions = promotions;
    }

    /** 0 where the version is there or on its way, 4 where it waits or was refused. */
    static int exitCode(RequestedPromotion asked) {
        return switch (asked.state()) {
            case CARRIED_OUT, UNDER_WAY -> 0;
            case WAITING, APPROVED, REJECTED, VOID, FAILED -> 4;
        };
    }

    /** The promotion, and whom it waits for. */
    static ObjectNode json(Promotions promotions, RequestedPromotion asked) {
        ObjectNode json = asked.json();
        promotions.waitsFor(asked).ifPresent(whom -> json.put("waits_for", whom));
        return json;
    }

    void outcome(RequestedPromotion asked) {
        Promotion done = asked.done();
        if (asked.state() == PromotionState.CARRIED_OUT && done != null) {
            PromoteCommand.show(screen, done);
            return;
        }
        screen.say(
                "Promotion of %s to %s: %s"
                        .formatted(
                                screen.bold(asked.ref().toString()),
                                asked.target().word(),
                                asked.state().words()));
        if (!asked.note().isEmpty()) {
            screen.say("  " + asked.note());
        }
        promotions
                .waitsFor(asked)
                .ifPresent(
                        whom -> {
                            screen.say("  for " + whom + ", since " + asked.because());
                            screen.say(
                                    screen.dim(
                                            "  to say yes: weir promotions approve " + asked.id()));
                        });
        if (asked.state() == PromotionState.UNDER_WAY) {
            screen.say("  A rollout carries it out.");
        }
    }
}
