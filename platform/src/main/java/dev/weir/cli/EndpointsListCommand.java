package dev.weir.cli;

import dev.weir.project.Home;
import dev.weir.stage.deploy.rollout.Endpoint;
import dev.weir.stage.deploy.rollout.Rollout;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir endpoints list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description =
                "Lists the endpoints, with the version that answers and the rollout under way.",
        footerHeading = "%nExamples:%n",
        footer = {"  weir endpoints list", "  weir endpoints list --json"})
final class EndpointsListCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    EndpointsListCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    /** An endpoint with what is under way on it. */
    private record Entry(Endpoint endpoint, Optional<Rollout> rollout) {}

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            List<Entry> entries =
                    home.database()
                            .read(
                                    tx ->
                                            home.endpoints().all(tx).stream()
                                                    .map(
                                                            e ->
                                                                    new Entry(
                                                                            e,
                                                                            home.rollouts()
                                                                                    .live(
                                                                                            tx,
                                                                                            e
                                                                                                    .name())))
                                                    .toList());
            if (common.json) {
                screen.json(json(entries));
            } else if (entries.isEmpty()) {
                screen.say("No endpoint yet.");
                screen.say(
                        screen.dim(
                                "  deploy.endpoint in a pipeline file names one, and weir promote"
                                        + " makes it."));
            } else {
                screen.table(
                        List.of("endpoint", "answers", "takes over", "rollout"),
                        entries.stream().map(this::row).toList());
            }
        }
        return 0;
    }

    private static ObjectNode json(List<Entry> entries) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("endpoints");
        for (Entry entry : entries) {
            ObjectNode one = entry.endpoint().json();
            one.set("rollout", entry.rollout().map(Rollout::json).orElse(null));
            list.add(one);
        }
        return json;
    }

    private List<String> row(Entry entry) {
        return List.of(
                screen.bold(entry.endpoint().name()),
                entry.endpoint().answering().map(Object::toString).orElse("nothing yet"),
                entry.rollout().map(r -> r.candidate().toString()).orElse(""),
                entry.rollout().map(Rollout::words).orElse(""));
    }
}
