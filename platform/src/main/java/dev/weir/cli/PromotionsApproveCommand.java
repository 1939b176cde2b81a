package dev.weir.cli;

import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code weir promotions approve}. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = {
            "Says yes to a promotion. It is another person than the one who asked who can; with the"
                    + " last yes that it needs, the version moves, or its rollout begins.",
            "Exit code: 0 said, 2 no such promotion, 4 refused: it does not wait, this person may"
                    + " not, or what was to be approved has changed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir promotions approve income:3",
            "  weir promotions approve 0198c2b4e1a0 --note 'looked at the slices'"
        })
final class PromotionsApproveCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "PROMOTION", description = PromotionView.PROMOTION)
    String promotion = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "For the record.")
    String note = "";

    PromotionsApproveCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            RequestedPromotion now = new Catalogue(home).approve(promotion, note);
            if (common.json) {
                screen.json(PromotionView.json(home.promotions(), now));
            } else {
                new PromotionView(screen, home.promotions()).outcome(now);
            }
            return PromotionView.answered(now);
        }
    }
}
