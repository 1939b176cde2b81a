package dev.weir.cli;

import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code weir promotions reject}. */
@Command(
        name = "reject",
        mixinStandardHelpOptions = true,
        description = {
            "Says no to a promotion that waits: who may approve it, or who asked and takes it"
                    + " back.",
            "Exit code: 0 said, 2 no such promotion, 4 refused: it does not wait, or this person"
                    + " has no say in it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir promotions reject income:3 --reason 'recall fell for the old'",
            "  weir promotions reject 0198c2b4e1a0 --reason 'not before the holidays' --json"
        })
final class PromotionsRejectCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "PROMOTION", description = PromotionView.PROMOTION)
    String promotion = "";

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why; for the record.")
    String reason = "";

    PromotionsRejectCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            RequestedPromotion now = new Catalogue(home).reject(promotion, reason);
            if (common.json) {
                screen.json(PromotionView.json(home.promotions(), now));
            } else {
                new PromotionView(screen, home.promotions()).outcome(now);
            }
            return 0;
        }
    }
}
