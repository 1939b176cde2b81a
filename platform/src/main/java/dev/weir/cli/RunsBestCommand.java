package dev.weir.cli;

import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.stats.Better;
import dev.weir.ml.tracking.MetricPoint;
import dev.weir.ml.tracking.Run;
import dev.weir.project.BestRuns;
import dev.weir.project.Home;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code weir runs best}. */
@Command(
        name = "best",
        mixinStandardHelpOptions = true,
        description = {
            "Says which parameters gave the best score: the runs of an experiment by a metric, best"
                + " first, with their dates. A pipeline's runs are in the experiment of its name;"
                + " those of MLflow's clients where they put them.",
            "Of several runs it shows the parameters in which they differ; --json has all."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir runs best income --metric roc_auc",
            "  weir runs best churn --metric val_loss --min --top 10",
            "  weir runs best income --metric roc_auc --json | jq '.runs[0].params'"
        })
final class RunsBestCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "EXPERIMENT", description = "Its name.")
    String experiment = "";

    @Option(
            names = {"-m", "--metric"},
            required = true,
            paramLabel = "NAME",
            description = "What to go by.")
    String metric = "";

    @ArgGroup Direction direction = new Direction();

    /** Which way the metric improves. */
    static final class Direction {
        @Option(
                names = "--max",
                description = "The highest is best; where the metric is not a known one.")
        boolean max;

        @Option(names = "--min", description = "The lowest is best.")
        boolean min;
    }

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "How many (default: ${DEFAULT-VALUE}).")
    int top = 5;

    RunsBestCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        Optional<Better> better =
                direction.max
                        ? Optional.of(Better.HIGHER)
                        : direction.min ? Optional.of(Better.LOWER) : Optional.empty();
        try (Home home = services.home(Common.project(services))) {
            List<BestRuns.Best> best = new BestRuns(home).of(experiment, metric, better, top);
            if (common.json) {
                screen.json(json(best));
            } else {
                Set<String> telling = telling(best);
                screen.table(
                        List.of(metric, "run", "started", "made", "parameters"),
                        best.stream().map(b -> row(b, telling)).toList());
                if (best.size() == 1) {
                    best.getFirst()
                            .run()
                            .params()
                            .forEach((name, value) -> screen.say("  " + name + ": " + value));
                }
            }
        }
        return 0;
    }

    /** The parameters in which the runs differ. */
    private static Set<String> telling(List<BestRuns.Best> best) {
        Set<String> names = new TreeSet<>();
        best.forEach(b -> names.addAll(b.run().params().keySet()));
        names.removeIf(
                name -> best.stream().map(b -> value(b.run(), name)).distinct().count() == 1);
        return names;
    }

    private static String value(Run run, String param) {
        return run.params().getOrDefault(param, "-");
    }

    private List<String> row(BestRuns.Best best, Set<String> telling) {
        Run run = best.run();
        String params =
                telling.stream()
                        .map(name -> name + "=" + value(run, name))
                        .collect(Collectors.joining(" "));
        return List.of(
                String.format(Locale.ROOT, "%.6g", best.score()),
                Screen.brief(run.info().id()),
                Screen.time(run.info().started()),
                best.versions().stream()
                        .map(ModelVersion::ref)
                        .map(Object::toString)
                        .collect(Collectors.joining(", ")),
                params);
    }

    private ObjectNode json(List<BestRuns.Best> best) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("experiment", experiment);
        json.put("metric", metric);
        ArrayNode runs = json.putArray("runs");
        for (BestRuns.Best one : best) {
            ObjectNode run = runs.addObject();
            run.put("run", one.run().info().id());
            run.put("name", one.run().info().name());
            run.put("score", one.score());
            run.put("started", one.run().info().started().toString());
            one.versions().forEach(v -> run.withArray("versions").add(v.ref().toString()));
            ObjectNode params = run.putObject("params");
            one.run().params().forEach(params::put);
            ObjectNode metrics = run.putObject("metrics");
            for (Map.Entry<String, MetricPoint> each : one.run().metrics().entrySet()) {
                double value = each.getValue().value();
                if (Double.isFinite(value)) {
                    metrics.put(each.getKey(), value);
                } else {
                    metrics.put(each.getKey(), Double.toString(value));
                }
            }
        }
        return json;
    }
}
