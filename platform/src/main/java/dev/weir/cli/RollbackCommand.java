package dev.weir.cli;

import dev.weir.ml.registry.Promotion;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code weir rollback}. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = {
            "Takes the version in production back, and returns the one that was there before it:"
                    + " traffic, alias and stage together.",
            "Exit code: 0 done, 2 no such model, 4 refused: nothing was there before, a rollout is"
                    + " under way, or the version does not fit the endpoint's clients any more."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir rollback income", "  weir rollback income --reason 'too many refusals'"})
final class RollbackCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "MODEL", description = "The model's name.")
    String model = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the record.")
    String reason = "";

    RollbackCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Promotion promotion = new Catalogue(home).rollback(model, reason);
            if (common.json) {
                screen.json(promotion.json());
            } else {
                PromoteCommand.show(screen, promotion);
                new EndpointLines(screen, home).after(promotion.model());
            }
        }
        return 0;
    }
}
