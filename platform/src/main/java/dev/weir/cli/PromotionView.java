package dev.weir.cli;

import dev.weir.ml.registry.Approval;
import dev.weir.ml.registry.Promotion;
import dev.weir.ml.registry.PromotionState;
import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.RequestedPromotion;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** A promotion that somebody asked for, as a person sees it. */
final class PromotionView {
    static final String PROMOTION =
            "Its id, or the beginning of it; or a version of which one is open: income:3.";

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

    /** What to answer who said yes: 0 where the yes counts, also where more are needed. */
    static int answered(RequestedPromotion asked) {
        return asked.state() == PromotionState.WAITING ? 0 : exitCode(asked);
    }

    /** The promotion, and whom it waits for. */
    static ObjectNode json(Promotions promotions, RequestedPromotion asked) {
        ObjectNode json = asked.json();
        promotions.waitsFor(asked).ifPresent(whom -> json.put("waits_for", whom));
        return json;
    }

    static String painted(Screen screen, PromotionState state) {
        String words = state.words();
        return switch (state) {
            case WAITING, APPROVED, UNDER_WAY -> screen.yellow(words);
            case CARRIED_OUT -> screen.green(words);
            case REJECTED, FAILED -> screen.red(words);
            case VOID -> screen.dim(words);
        };
    }

    static String approvals(RequestedPromotion asked) {
        return asked.needed() == 0
                ? ""
                : "%d of %d".formatted(asked.approvals().size(), asked.needed());
    }

    /** What came of it, for the person who did something. */
    void outcome(RequestedPromotion asked) {
        Promotion done = asked.done();
        if (asked.state() == PromotionState.CARRIED_OUT && done != null) {
            PromoteCommand.show(screen, done);
            return;
        }
        head(asked);
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
            screen.say("  A rollout carries it out; until it has, production is what it was.");
        }
    }

    private void head(RequestedPromotion asked) {
        screen.say(
                "promotion of %s to %s: %s"
                        .formatted(
                                screen.bold(asked.ref().toString()),
                                asked.target().word(),
                                painted(screen, asked.state())));
    }

    /** All of it. */
    void page(RequestedPromotion asked) {
        head(asked);
        line("id", asked.id());
        line("asked", Screen.time(asked.asked()) + " by " + asked.actor());
        line("reason", asked.reason());
        line("from", asked.from().word());
        Promotion done = asked.done();
        if (done != null) {
            line("done", Screen.time(done.at()));
            line(
                    "instead of",
                    done.replaced() == null ? "" : asked.model() + ":" + done.replaced());
        }
        line(asked.state().words(), asked.note());
        promotions
                .waitsFor(asked)
                .ifPresent(whom -> line("waits for", whom + ", since " + asked.because()));
        line("approvals", approvals(asked));
        if (asked.needed() > 0) {
            line("approves", "recipe   " + asked.approves().recipe().hex());
            line("", "model    " + asked.approves().model().hex());
            line("", "verdicts " + asked.approves().verdicts().hex());
        }
        if (!asked.approvals().isEmpty()) {
            screen.say("");
            screen.table(
                    List.of("approved", "by", "note"),
                    asked.approvals().stream().map(PromotionView::row).toList());
        }
        if (asked.state() == PromotionState.WAITING) {
            screen.say("");
            screen.say(
                    screen.dim(
                            "to look: weir models show %s, weir diff %s@production %s"
                                    .formatted(asked.ref(), asked.model(), asked.ref())));
            screen.say(screen.dim("to say yes: weir promotions approve " + asked.id()));
        }
    }

    private static List<String> row(Approval approval) {
        return List.of(Screen.time(approval.at()), approval.actor().toString(), approval.note());
    }

    private void line(String name, String value) {
        if (!value.isEmpty()) {
            screen.say(screen.dim("  %-11s ".formatted(name)) + value);
        }
    }
}
