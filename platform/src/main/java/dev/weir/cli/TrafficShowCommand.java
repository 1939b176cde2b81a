package dev.weir.cli;

import dev.weir.ml.data.log.DayLoss;
import dev.weir.ml.traffic.Windows;
import dev.weir.project.EndpointTraffic;
import dev.weir.project.Home;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code weir traffic show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "Shows how many predictions of an endpoint are logged, by day (in UTC) and variant: how"
                    + " many failed, of how many the",
            "outcome is known, and how many were dropped. Without an endpoint, which there are."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir traffic show", "  weir traffic show income --json"})
final class TrafficShowCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(arity = "0..1", paramLabel = "ENDPOINT", description = "The endpoint's name.")
    @Nullable String endpoint;

    TrafficShowCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        try (Home home = services.home(Common.project(services));
                Scratch scratch = Scratch.make(services);
                EndpointTraffic traffic = new EndpointTraffic(home, scratch.duckDb())) {
            if (endpoint == null) {
                list(traffic.endpoints());
            } else if (common.json) {
                screen.json(json(traffic.show(endpoint)));
            } else {
                show(traffic.show(endpoint));
            }
        }
        return 0;
    }

    private void list(List<String> endpoints) {
        if (common.json) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            endpoints.forEach(json.putArray("endpoints")::add);
            screen.json(json);
        } else if (endpoints.isEmpty()) {
            screen.say("no endpoint has traffic yet");
        } else {
            endpoints.forEach(screen::say);
        }
    }

    private ObjectNode json(EndpointTraffic.Shown shown) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("endpoint", endpoint);
        ArrayNode days = json.putArray("days");
        for (Windows.Day day : shown.days()) {
            days.addObject()
                    .put("day", day.day().toString())
                    .put("variant", day.role())
                    .put("rows", day.rows())
                    .put("failed", day.failed())
                    .put("known", day.known());
        }
        ArrayNode losses = json.putArray("dropped");
        for (DayLoss loss : shown.losses()) {
            losses.addObject()
                    .put("day", loss.day())
                    .put("why", loss.loss().word())
                    .put("rows", loss.rows());
        }
        return json;
    }

    private void show(EndpointTraffic.Shown shown) {
        screen.table(
                List.of("day", "variant", "rows", "failed", "outcomes known"),
                shown.days().stream().map(TrafficShowCommand::row).toList());
        for (DayLoss loss : shown.losses()) {
            screen.say(
                    "%s: %,d rows were dropped (%s)"
                            .formatted(loss.day(), loss.rows(), loss.loss().word()));
        }
    }

    private static List<String> row(Windows.Day day) {
        return List.of(
                day.day().toString(),
                day.role(),
                "%,d".formatted(day.rows()),
                "%,d".formatted(day.failed()),
                "%,d".formatted(day.known())
                        + String.format(
                                Locale.ROOT, " (%.0f %%)", 100.0 * day.known() / day.rows()));
    }
}
