package dev.weir.cli;

import dev.weir.project.Home;
import dev.weir.stage.deploy.rollout.Endpoint;
import dev.weir.stage.deploy.rollout.Rollout;
import dev.weir.stage.deploy.rollout.plan.Step;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code weir endpoints show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Shows an endpoint: what answers, how a version takes over, and its rollouts.",
        footerHeading = "%nExamples:%n",
        footer = {"  weir endpoints show income", "  weir endpoints show income --json"})
final class EndpointsShowCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "ENDPOINT", description = "The endpoint's name.")
    String endpoint = "";

    EndpointsShowCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Endpoint found = home.database().read(tx -> home.endpoints().named(tx, endpoint));
            List<Rollout> rollouts =
                    home.database().read(tx -> home.rollouts().history(tx, endpoint));
            if (common.json) {
                ObjectNode json = found.json();
                ArrayNode list = json.putArray("rollouts");
                rollouts.forEach(rollout -> list.add(rollout.json()));
                screen.json(json);
            } else {
                show(found, rollouts);
            }
        }
        return 0;
    }

    private void show(Endpoint found, List<Rollout> rollouts) {
        screen.say(
                "%s  answers with %s"
                        .formatted(
                                screen.bold(found.name()),
                                found.answering().map(Object::toString).orElse("nothing yet")));
        if (found.warm() != null) {
            screen.say("  warm: %s:%d".formatted(found.model(), found.warm()));
        }
        screen.say("  a version takes over by: " + steps(found.deployment().plan().steps()));
        if (!rollouts.isEmpty()) {
            screen.say("");
            screen.table(
                    List.of("version", "state", "began", "ended", "why"),
                    rollouts.stream().map(this::row).toList());
        }
    }

    /** The steps of a plan in a line. */
    static String steps(List<Step> steps) {
        return steps.isEmpty()
                ? "a smoke test"
                : steps.stream().map(Step::words).collect(Collectors.joining(", "));
    }

    private List<String> row(Rollout rollout) {
        return List.of(
                rollout.candidate().toString(),
                RolloutView.painted(screen, rollout),
                Screen.time(rollout.created()),
                rollout.ended() == null ? "" : Screen.time(rollout.ended()),
                rollout.ended() == null || rollout.waits().isEmpty()
                        ? ""
                        : screen.cut(rollout.waits().getFirst()));
    }
}
