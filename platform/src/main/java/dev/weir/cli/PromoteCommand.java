package dev.weir.cli;

import dev.weir.ml.registry.Promotion;
import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.ml.registry.VersionRef;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code weir promote}. */
@Command(
        name = "promote",
        mixinStandardHelpOptions = true,
        description = {
            "Moves a model version to a stage. To production goes what is in staging, which is"
                    + " where its gates brought it; what was in production is archived.",
            "Where the project asks for an approval, the promotion waits for another person: weir"
                    + " promotions. Where the model has an endpoint, a rollout carries it out.",
            "Exit code: 0 moved, or its rollout has begun, 2 no such version or stage, 4 it waits"
                    + " for an approval, or refused: its gates said no, or it cannot go there."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir promote income:3 production",
            "  weir promote income@staging production --reason 'better on the new rows'",
            "  weir promote income:1 archived"
        })
final class PromoteCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(index = "0", paramLabel = "VERSION", description = "income:3 or income@staging.")
    String version = "";

    @Parameters(index = "1", paramLabel = "STAGE", description = "staging, production or archived.")
    String stage = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the record.")
    String reason = "";

    PromoteCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        VersionRef ref = VersionRef.parse(version);
        try (Home home = services.home(Common.project(services))) {
            RequestedPromotion asked = new Catalogue(home).promote(ref, stage, reason);
            if (common.json) {
                screen.json(PromotionView.json(home.promotions(), asked));
            } else {
                new PromotionView(screen, home.promotions()).outcome(asked);
                new EndpointLines(screen, home).after(asked);
            }
            return PromotionView.exitCode(asked);
        }
    }

    static void show(Screen screen, Promotion promotion) {
        screen.say(
                screen.bold(promotion.ref().toString())
                        + " is in "
                        + ModelsVersionsCommand.painted(screen, promotion.to())
                        + screen.dim(" (was in " + promotion.from().word() + ")"));
        if (promotion.replaced() != null) {
            screen.say("  instead of " + promotion.model() + ":" + promotion.replaced());
            if (promotion.kind() == Promotion.Kind.PROMOTION) {
                screen.say(screen.dim("  to take it back: weir rollback " + promotion.model()));
            }
        }
    }
}
