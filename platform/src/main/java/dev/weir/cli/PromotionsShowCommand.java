package dev.weir.cli;

import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code weir promotions show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Shows one promotion: what it asks for, what it waits for, who said yes to what.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir promotions show income:3        the open one of this version",
            "  weir promotions show 0198c2b4e1a0    by the beginning of its id",
            "  weir promotions show income:3 --json | jq .approves"
        })
final class PromotionsShowCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "PROMOTION", description = PromotionView.PROMOTION)
    String promotion = "";

    PromotionsShowCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            RequestedPromotion shown = new Catalogue(home).promotion(promotion);
            if (common.json) {
                screen.json(PromotionView.json(home.promotions(), shown));
            } else {
                new PromotionView(screen, home.promotions()).page(shown);
            }
        }
        return 0;
    }
}
