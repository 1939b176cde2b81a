package dev.weir.cli;

import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.VersionRef;
import dev.weir.project.Catalogue;
import dev.weir.project.Differences;
import dev.weir.project.Home;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code weir diff}. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what is another between two versions of a model: link by link, and the metrics.",
            "With --since it shows what each version changed that was registered from then on."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir diff income:2 income:3",
            "  weir diff income@production income",
            "  weir diff income --since 2026-11-17",
            "  weir diff income --since 'last Tuesday'     what changed since then, version by"
                    + " version"
        })
final class DiffCommand implements Callable<Integer> {
    private static final int DIGEST = 64;

    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "VERSION",
            description = "The earlier version; with --since a model.")
    String from = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "The later one.")
    @Nullable String to;

    @Option(
            names = "--since",
            paramLabel = "DAY",
            description =
                    "A day or a moment: 2026-11-17, 2026-11-17T08:00:00Z, 7d (ago), yesterday,"
                            + " 'last Tuesday'.")
    @Nullable String since;

    @Option(names = "--until", paramLabel = "DAY", description = "A day or a moment, exclusive.")
    @Nullable String until;

    DiffCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        if ((to == null) == (since == null)) {
            throw Problem.input(
                            "diff.what",
                            "diff: " + from + " (expected: a second version, or a" + " day)")
                    .hint("weir diff income:2 income:3, or weir diff income --since 2026-11-17")
                    .exception();
        }
        try (Home home = services.home(Common.project(services))) {
            Catalogue catalogue = new Catalogue(home);
            Days days = new Days(services.clock(), ZoneId.systemDefault());
            if (to != null) {
                Differences differences =
                        catalogue.differences(VersionRef.parse(from), VersionRef.parse(to));
                if (common.json) {
                    screen.json(differences.json());
                } else {
                    show(differences);
                }
            } else {
                all(
                        catalogue.differences(
                                from,
                                since == null ? Instant.EPOCH : days.moment(since),
                                until == null ? Instant.MAX : days.moment(until)));
            }
        }
        return 0;
    }

    private void all(List<Differences> changes) {
        if (common.json) {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", from);
            ArrayNode list = json.putArray("changes");
            changes.forEach(change -> list.add(change.json()));
            screen.json(json);
        } else if (changes.isEmpty()) {
            screen.say("No version of " + from + " was registered in that time.");
        } else {
            changes.forEach(this::show);
        }
    }

    private void show(Differences differences) {
        screen.say(
                screen.bold(differences.from().ref() + " -> " + differences.to().ref())
                        + screen.dim("  registered " + Screen.time(differences.to().created())));
        if (differences.links().isEmpty()) {
            screen.say("  the same code, data, features, config and environment");
        }
        List<List<String>> rows = new ArrayList<>();
        for (Link link : Link.values()) {
            for (Differences.Change change : differences.links().getOrDefault(link, List.of())) {
                rows.add(
                        List.of(
                                "  " + link.word(),
                                change.what(),
                                value(change.before()),
                                value(change.after())));
            }
        }
        if (!rows.isEmpty()) {
            screen.table(List.of("  link", "what", "before", "after"), rows);
        }
        List<List<String>> figures = new ArrayList<>();
        for (Map.Entry<String, double[]> metric : differences.metrics().entrySet()) {
            double[] both = metric.getValue();
            if (Double.compare(both[0], both[1]) != 0) {
                figures.add(
                        List.of(
                                "  " + metric.getKey(),
                                figure(both[0]),
                                figure(both[1]),
                                Double.isNaN(both[1] - both[0])
                                        ? ""
                                        : "%+.4g".formatted(both[1] - both[0])));
            }
        }
        if (!figures.isEmpty()) {
            screen.say("");
            screen.table(List.of("  metric", "before", "after", "change"), figures);
        }
        screen.say("");
    }

    private static String value(String value) {
        return value.isEmpty() ? "-" : value.length() == DIGEST ? Screen.brief(value) : value;
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.6g", value);
    }
}
