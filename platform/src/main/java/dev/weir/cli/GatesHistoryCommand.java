package dev.weir.cli;

import dev.weir.ml.gate.Limit;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdicts.Past;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;

/** {@code weir gates history}. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = {
            "Draws a figure over the versions of a model, beside the bound that its gate had then.",
            "A gate that asked for less than before is marked as relaxed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir gates history income roc_auc",
            "  weir gates history income latency",
            "  weir gates history income validate.slices.sex.recall.max_gap --json"
        })
final class GatesHistoryCommand implements Callable<Integer> {
    private static final int WIDTH = 30;

    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "MODEL", description = "The model's name.")
    String model = "";

    @Parameters(
            index = "1",
            paramLabel = "METRIC",
            description = "A metric, or whole parts of a gate's name.")
    String about = "";

    GatesHistoryCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Map<String, List<Past>> byGate = new LinkedHashMap<>();
            for (Past past : new Catalogue(home).gates(model, about)) {
                byGate.computeIfAbsent(past.ruling().gate(), gate -> new ArrayList<>()).add(past);
            }
            if (common.json) {
                screen.json(json(byGate));
            } else {
                byGate.forEach(this::draw);
            }
        }
        return 0;
    }

    private ObjectNode json(Map<String, List<Past>> byGate) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", model);
        ObjectNode gates = json.putObject("gates");
        byGate.forEach(
                (gate, history) -> {
                    ArrayNode rulings = gates.putArray(gate);
                    for (Past past : history) {
                        ObjectNode one = past.ruling().json();
                        one.remove("gate");
                        one.put("version", version(past)).put("at", past.at().toString());
                        Limit limit = past.ruling().limit();
                        if (limit != null) {
                            one.put("limit", limit.number());
                        }
                        rulings.add(one);
                    }
                });
        return json;
    }

    private static String version(Past past) {
        return past.subject().substring(past.subject().indexOf(':') + 1);
    }

    private void draw(String gate, List<Past> history) {
        DoubleSummaryStatistics range = new DoubleSummaryStatistics();
        for (Past past : history) {
            past.ruling().value().figure().ifPresent(range::accept);
            limit(past).ifPresent(range::accept);
        }
        screen.say(screen.bold(gate));
        screen.table(
                List.of("version", "judged", "value", "", "expected", "verdict", ""),
                history.stream().map(past -> row(past, range)).toList());
        screen.say("");
    }

    /** The bound, where it is one of the figure itself. */
    private static OptionalDouble limit(Past past) {
        Limit limit = past.ruling().limit();
        return limit == null
                        || past.ruling().value().figure().isEmpty()
                        || past.ruling().gate().endsWith("not_worse_than")
                ? OptionalDouble.empty()
                : OptionalDouble.of(limit.number());
    }

    private List<String> row(Past past, DoubleSummaryStatistics range) {
        Ruling ruling = past.ruling();
        return List.of(
                version(past),
                Screen.time(past.at()),
                ruling.value().text(),
                bar(past, range),
                ruling.expected(),
                RunLines.painted(screen, ruling.verdict()),
                GateTable.relaxed(screen, ruling));
    }

    /** The value as a bar from the smallest to the largest, with the bound as a mark in it. */
    private static String bar(Past past, DoubleSummaryStatistics range) {
        if (past.ruling().value().figure().isEmpty()) {
            return "";
        }
        int length = place(past.ruling().value().figure().getAsDouble(), range);
        StringBuilder bar =
                new StringBuilder("#".repeat(length)).append(" ".repeat(WIDTH - length));
        limit(past).ifPresent(limit -> bar.setCharAt(place(limit, range) - 1, '|'));
        return bar.toString();
    }

    /** From 1 for the smallest figure of all to the whole width for the largest. */
    private static int place(double value, DoubleSummaryStatistics range) {
        double span = range.getMax() - range.getMin();
        return span == 0
                ? WIDTH
                : 1 + (int) Math.round((WIDTH - 1) * (value - range.getMin()) / span);
    }
}
