package dev.weir.cli;

import dev.weir.ml.traffic.Outcomes;
import dev.weir.project.EndpointTraffic;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code weir outcomes add}. */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        description = {
            "Adds outcomes from a file: a column of the target's name, and prediction_id, or key"
                    + " and time.",
            "A key's outcome is about its nearest prediction at or before the time. All are kept,"
                    + " and the last to arrive counts;",
            "one whose prediction is not known waits for it. A file is taken wholly or not at all."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir outcomes add income labels.csv",
            "  weir outcomes add income 'labels-*.parquet' --look-back 30d --json"
        })
final class OutcomesAddCommand implements Callable<Integer> {
    private static final int ROWS_SHOWN = 10;

    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();
    @Mixin SourceOptions source = new SourceOptions();

    @Parameters(index = "0", paramLabel = "ENDPOINT", description = "The endpoint's name.")
    String endpoint = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "CSV, Parquet or JSON lines; a glob takes several.")
    String file = "";

    @Option(
            names = "--look-back",
            paramLabel = "DURATION",
            defaultValue = "7d",
            converter = StoreGcCommand.Written.class,
            description =
                    "How long before its time the prediction of a key may have been (default: 7d).")
    Duration lookBack = Duration.ZERO;

    OutcomesAddCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        try (Home home = services.home(Common.project(services));
                Scratch scratch = Scratch.make(services);
                EndpointTraffic traffic = new EndpointTraffic(home, scratch.duckDb())) {
            EndpointTraffic.Added added =
                    traffic.add(endpoint, services.folder(), file, source.json(), lookBack);
            if (common.json) {
                screen.json(json(added.counts()));
            } else {
                added.guesses().forEach(guess -> screen.note(screen.dim("  · ") + guess));
                show(added.counts());
            }
        }
        return 0;
    }

    private ObjectNode json(Outcomes.Added counts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("endpoint", endpoint);
        json.put("rows", counts.rows());
        json.put("valueless", counts.valueless());
        json.put("matched", counts.matched());
        counts.waiting().forEach(json.putArray("waiting")::add);
        return json;
    }

    private void show(Outcomes.Added counts) {
        screen.say(
                "%s: %,d outcomes are taken, %,d of predictions that are known"
                        .formatted(screen.bold(endpoint), counts.rows(), counts.matched()));
        if (counts.valueless() > 0) {
            screen.say(
                    "  %,d rows have no value, and are passed over".formatted(counts.valueless()));
        }
        if (!counts.waiting().isEmpty()) {
            List<Integer> some = counts.waiting().stream().limit(ROWS_SHOWN).toList();
            screen.say(
                    "  %,d wait for their prediction, which is not known: row %s%s"
                            .formatted(
                                    counts.waiting().size(),
                                    some.stream()
                                            .map(String::valueOf)
                                            .collect(Collectors.joining(", ")),
                                    counts.waiting().size() > ROWS_SHOWN ? ", …" : ""));
        }
    }
}
