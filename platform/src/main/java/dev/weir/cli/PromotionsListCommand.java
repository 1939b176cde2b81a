package dev.weir.cli;

import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir promotions list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the promotions that wait or are under way, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir promotions list",
            "  weir promotions list --all",
            "  weir promotions list --json | jq -r '.promotions[].waits_for'"
        })
final class PromotionsListCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Option(names = "--all", description = "Those that are over too, the last 1,000.")
    boolean all;

    PromotionsListCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            List<RequestedPromotion> promotions = new Catalogue(home).promotions(all);
            if (common.json) {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                ArrayNode list = json.putArray("promotions");
                promotions.forEach(p -> list.add(PromotionView.json(home.promotions(), p)));
                screen.json(json);
            } else if (promotions.isEmpty()) {
                screen.say(all ? "No promotion was asked for yet." : "No promotion waits.");
            } else {
                screen.table(
                        List.of("promotion", "version", "to", "state", "approvals", "asked", "by"),
                        promotions.stream().map(this::row).toList());
            }
        }
        return 0;
    }

    private List<String> row(RequestedPromotion promotion) {
        return List.of(
                Screen.brief(promotion.id()),
                promotion.ref().toString(),
                promotion.target().word(),
                PromotionView.painted(screen, promotion.state()),
                PromotionView.approvals(promotion),
                Screen.time(promotion.asked()),
                promotion.actor().toString());
    }
}
