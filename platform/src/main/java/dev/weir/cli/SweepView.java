package dev.weir.cli;

import dev.weir.ml.stats.JsonFigures;
import dev.weir.ml.stats.Metric;
import dev.weir.project.SweepReport;
import dev.weir.project.SweepReport.Result;
import dev.weir.project.SweepReport.Trial;
import dev.weir.stage.train.search.Configuration;
import dev.weir.stage.train.search.SweepSettings;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows what came of a sweep. */
final class SweepView {
    private static final int SHOWN = 30;

    private final Screen screen;
    private final SweepReport report;
    private final boolean adopted;

    SweepView(Screen screen, SweepReport report, boolean adopted) {
        this.screen = screen;
        this.report = report;
        this.adopted = adopted;
    }

    void show() {
        screen.say("");
        screen.say(
                screen.bold("sweep " + Screen.brief(report.run().runId()))
                        + " of "
                        + report.run().pipeline()
                        + ": "
                        + RunLines.painted(screen, report.run().status())
                        + screen.dim("  (" + how() + ")"));
        if (report.trials().isEmpty()) {
            return;
        }
        rows();
        table();
        report.result().ifPresent(this::winner);
    }

    private String how() {
        SweepSettings settings = report.settings();
        long tried =
                report.trials().stream().filter(trial -> !isFile(trial.configuration())).count();
        String search =
                settings.search() == SweepSettings.Search.HALVING
                        ? "successive halving by " + settings.budget().text()
                        : "random search";
        String all =
                tried < settings.trials() && report.result().isPresent()
                        ? ", which are all that there are"
                        : "";
        return "%s, %d configurations%s, seed %d, %d at a time"
                .formatted(search, tried, all, settings.seed(), report.jobs());
    }

    private void rows() {
        JsonNode rows = report.rows();
        screen.say(
                "  trained on %,d rows, compared on %,d others; %,d held-out rows were not looked at"
                        .formatted(
                                rows.path("fit").longValue(0),
                                rows.path("validation").longValue(0),
                                rows.path("held_out").longValue(0)));
        screen.say("");
    }

    private void table() {
        List<String> names = List.copyOf(report.settings().space().ranges().keySet());
        boolean halving = report.settings().search() == SweepSettings.Search.HALVING;
        List<String> heads = new ArrayList<>(List.of("", "trial"));
        heads.addAll(names);
        heads.add(report.metric().map(Metric::text).orElse("figure"));
        heads.add(halving ? report.settings().budget().text() : "");
        heads.add("run");
        List<List<String>> rows = new ArrayList<>();
        int place = 1;
        for (Trial trial : report.trials()) {
            if (place <= SHOWN || isFile(trial.configuration())) {
                List<String> row = new ArrayList<>(List.of(place + ".", name(trial)));
                names.forEach(
                        name ->
                                row.add(
                                        trial.configuration().values().has(name)
                                                ? Screen.text(
                                                        trial.configuration().values().path(name))
                                                : screen.dim(
                                                        Screen.text(report.file().path(name)))));
                row.add(place == 1 ? screen.green(figure(trial.figure())) : figure(trial.figure()));
                row.add(halving ? "" + trial.budget() : "");
                row.add(screen.dim(Screen.brief(trial.runId())));
                rows.add(row);
            }
            place++;
        }
        screen.table(heads, rows);
        if (report.trials().size() > rows.size()) {
            screen.say(
                    screen.dim(
                            "  and "
                                    + (report.trials().size() - rows.size())
                                    + " more; --json has them all"));
        }
        screen.say("");
    }

    private static String name(Trial trial) {
        return isFile(trial.configuration()) ? "file" : "" + trial.configuration().number();
    }

    private static boolean isFile(Configuration configuration) {
        return configuration.number() == Configuration.FILE;
    }

    private static String figure(double figure) {
        return Double.isNaN(figure) ? "undefined" : String.format(Locale.ROOT, "%.5f", figure);
    }

    private void winner(Result result) {
        if (result.nothingBetter()) {
            screen.say("  No configuration is better than the file as it is.");
            return;
        }
        screen.say(
                "  Trial %d wins: %s is %s better than with the file as it is."
                        .formatted(
                                result.winner().configuration().number(),
                                result.metric().text(),
                                figure(result.gain())));
        screen.say("  " + chance(result));
        screen.say(
                "  "
                        + screen.bold(
                                result.winner().configuration().values().properties().stream()
                                        .map(e -> e.getKey() + ": " + Screen.text(e.getValue()))
                                        .collect(Collectors.joining(", "))));
        screen.say(
                adopted
                        ? "  These values stand in the training configuration now; next: weir run"
                        : screen.dim("  next: weir sweep --write puts them into the file"));
    }

    /** How much of the gain another seed would be. */
    private static String chance(Result result) {
        int seeds = Math.max(result.best().figures().size(), result.file().figures().size());
        if (seeds == 1) {
            return "Chance has no part in either training: one seed each is enough.";
        }
        String means =
                "Over %d seeds: %s ± %s against %s ± %s"
                        .formatted(
                                seeds,
                                figure(result.best().mean()),
                                figure(result.best().deviation()),
                                figure(result.file().mean()),
                                figure(result.file().deviation()));
        if (result.spread() == 0) {
            return means + "; the seeds make no difference.";
        }
        double times = result.gain() / result.spread();
        return times >= 1
                ? means
                        + String.format(
                                Locale.ROOT, "; the gain is %.1f times the seeds' spread.", times)
                : means
                        + "; that is "
                        + (times <= 0 ? "no gain" : "less than the seeds' spread")
                        + ": another seed may turn it round.";
    }

    /** {@code {"sweep","status","metric","rows":{},"trials":[],"winner":{},"file":{},"gain"}}. */
    ObjectNode json() {
        ObjectNode json = Screen.problemsJson(report.run().problems());
        json.put("sweep", report.run().runId());
        json.put("pipeline", report.run().pipeline());
        json.put("status", report.run().status().text());
        json.put("search", report.settings().search().text());
        if (report.settings().search() == SweepSettings.Search.HALVING) {
            json.put("budget", report.settings().budget().text());
        }
        json.put("seed", report.settings().seed());
        report.metric().ifPresent(metric -> json.put("metric", metric.text()));
        json.set("rows", report.rows());
        ArrayNode trials = json.putArray("trials");
        report.trials().forEach(trial -> json(trials.addObject(), trial));
        report.result().ifPresent(result -> json(json, result));
        ArrayNode steps = json.putArray("steps");
        report.run().steps().forEach(step -> steps.add(RunView.json(step)));
        return json;
    }

    private static void json(ObjectNode into, Trial trial) {
        into.put("trial", trial.configuration().number());
        into.set("values", trial.configuration().values());
        JsonFigures.put(into, "figure", trial.figure());
        into.put("rung", trial.rung());
        if (trial.budget() > 0) {
            into.put("budget", trial.budget());
        }
        into.put("run", trial.runId());
    }

    private void json(ObjectNode json, Result result) {
        json(json.putObject("winner"), result.winner());
        seeds((ObjectNode) json.required("winner"), result.best());
        seeds(json.putObject("file"), result.file());
        JsonFigures.put(json, "gain", result.gain());
        JsonFigures.put(json, "spread", result.spread());
        json.put("adopted", adopted);
    }

    private static void seeds(ObjectNode into, SweepReport.Seeds seeds) {
        seeds.figures().forEach(into.putArray("seeds")::add);
        JsonFigures.put(into, "mean", seeds.mean());
        JsonFigures.put(into, "deviation", seeds.deviation());
    }
}
