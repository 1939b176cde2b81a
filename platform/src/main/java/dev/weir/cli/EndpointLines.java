package dev.weir.cli;

import dev.weir.ml.registry.PromotionState;
import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.ml.registry.Stage;
import dev.weir.project.Home;
import dev.weir.stage.deploy.rollout.Endpoint;

import java.util.Optional;

/** What a move of production means to those who ask for predictions. */
final class EndpointLines {
    private final Screen screen;
    private final Home home;

    EndpointLines(Screen screen, Home home) {
        this.screen = screen;
        this.home = home;
    }

    /** After a promotion: who answers now, or by which steps the version comes to. */
    void after(RequestedPromotion asked) {
        if (asked.target() != Stage.PRODUCTION) {
            return;
        }
        Optional<Endpoint> found =
                home.database().read(tx -> home.endpoints().ofModel(tx, asked.model()));
        if (found.isEmpty()) {
            return;
        }
        Endpoint endpoint = found.get();
        if (asked.state() == PromotionState.UNDER_WAY) {
            screen.say("  by: " + EndpointsShowCommand.steps(endpoint.deployment().plan().steps()));
            screen.say(
                    screen.dim(
                            "  weir serve does it; to follow: weir rollout status "
                                    + endpoint.name()));
        } else if (asked.state() == PromotionState.CARRIED_OUT) {
            screen.say(
                    "  %s answers with it at once: it is the first, so that shadow and canary are skipped"
                            .formatted(endpoint.name()));
        }
    }

    /** After a rollback. */
    void after(String model) {
        home.database()
                .read(tx -> home.endpoints().ofModel(tx, model))
                .ifPresent(
                        endpoint -> screen.say("  %s answers with it".formatted(endpoint.name())));
    }
}
