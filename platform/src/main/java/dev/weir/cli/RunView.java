package dev.weir.cli;

import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.pipeline.AttemptReport;
import dev.weir.pipeline.Outcome;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.RunReport;
import dev.weir.pipeline.RunStatus;
import dev.weir.pipeline.Step;
import dev.weir.pipeline.StepReport;
import dev.weir.project.RunSummary;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Shows a run while it goes on, and how it ended. */
final class RunView {
    private static final double MILLIS = 1000.0;

    private final Screen screen;

    RunView(Screen screen) {
        this.screen = screen;
    }

    /** Does something long while a person watches, or a file takes down, how it goes on. */
    <T> T watched(Function<Progress, T> work) {
        if (!screen.interactive()) {
            return work.apply(lines());
        }
        try (LiveProgress live = new LiveProgress(screen, this)) {
            return work.apply(live);
        }
    }

    /** Progress as lines, for a pipe or a file. */
    private Progress lines() {
        return new Progress() {
            @Override
            public void started(Step step, int attempt) {
                String again = attempt == 1 ? "" : ", attempt " + attempt;
                screen.note(screen.dim("  … " + step.name() + again));
            }

            @Override
            public void ended(StepReport report) {
                screen.note("  " + line(report));
            }

            @Override
            public void note(String sentence) {
                screen.note(screen.yellow("  ! ") + sentence);
            }
        };
    }

    /** One finished step. */
    String line(StepReport report) {
        String reason = report.reason() == null ? "" : screen.dim("  " + report.reason());
        return switch (report.outcome()) {
            case EXECUTED -> screen.green("✓ ") + padded(report) + seconds(report.elapsed());
            case CACHED -> screen.green("= ") + padded(report) + screen.dim("known");
            case SKIPPED -> screen.dim("- " + padded(report) + "skipped") + reason;
            case FAILED -> screen.red("✗ ") + padded(report) + "failed" + reason;
        };
    }

    private static String padded(StepReport report) {
        return String.format("%-22s", report.step());
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / MILLIS);
    }

    void ended(RunSummary summary, boolean json) {
        RunReport report = summary.report();
        screen.problems(report.problems());
        if (json) {
            screen.json(json(summary));
            return;
        }
        screen.say("");
        screen.say(headline(report));
        summary.training().ifPresent(this::training);
        summary.version().ifPresent(version -> version(summary, version));
        gates(summary.rulings());
        summary.diagnosis().ifPresent(new DiagnosisView(screen)::brief);
        next(summary);
    }

    private String headline(RunReport report) {
        String painted = RunLines.painted(screen, report.status());
        Map<Outcome, Long> counts =
                report.steps().stream()
                        .collect(Collectors.groupingBy(StepReport::outcome, Collectors.counting()));
        String steps =
                List.of(Outcome.EXECUTED, Outcome.CACHED, Outcome.FAILED, Outcome.SKIPPED).stream()
                        .filter(counts::containsKey)
                        .map(o -> counts.get(o) + " " + o.text())
                        .collect(Collectors.joining(", "));
        return screen.bold("run " + Screen.brief(report.runId()))
                + " of "
                + report.pipeline()
                + ": "
                + painted
                + screen.dim("  (" + steps + ")");
    }

    private void training(JsonNode training) {
        JsonNode rows = training.path("rows");
        screen.say(
                "  trained on %,d rows, held out %,d; %d features"
                        .formatted(
                                rows.path("trained").longValue(0),
                                rows.path("held_out").longValue(0),
                                training.path("features").size()));
        for (JsonNode left : training.path("left_out")) {
            screen.say(
                    screen.dim(
                            "  left out: "
                                    + left.path("column").asString("")
                                    + ", "
                                    + left.path("reason").asString("")));
        }
    }

    private void version(RunSummary summary, ModelVersion version) {
        screen.say(
                "  %s %s, in %s"
                        .formatted(
                                screen.bold(version.ref().toString()),
                                summary.created() ? "registered" : "known",
                                version.stage().word()));
        screen.say("  " + Headline.all(version));
    }

    private void gates(List<Ruling> rulings) {
        if (rulings.isEmpty()) {
            return;
        }
        Map<Verdict, Long> counts =
                rulings.stream()
                        .collect(Collectors.groupingBy(Ruling::verdict, Collectors.counting()));
        String line =
                List.of(Verdict.values()).stream()
                        .filter(counts::containsKey)
                        .map(v -> counts.get(v) + " " + v.word())
                        .collect(Collectors.joining(", "));
        screen.say("  gates: " + line);
        for (Ruling ruling : rulings) {
            if (ruling.verdict() != Verdict.PASS || ruling.gate().startsWith("validate.")) {
                screen.say("    " + painted(ruling.verdict()) + " " + ruling.line());
                if (ruling.verdict() != Verdict.PASS && !ruling.line().contains(told(ruling))) {
                    screen.say(screen.dim("          " + ruling.reason()));
                }
                if (ruling.relaxed() != null && ruling.verdict() != Verdict.SKIPPED) {
                    screen.say("          " + GateTable.relaxed(screen, ruling));
                }
            }
        }
    }

    /** What a reason says that the line does not say in other words. */
    private static String told(Ruling ruling) {
        String figures =
                " is %s (expected: %s).".formatted(ruling.value().text(), ruling.expected());
        return ruling.reason().endsWith(figures) ? "" : ruling.reason();
    }

    private String painted(Verdict verdict) {
        String word = String.format("%-7s", verdict.word());
        return switch (verdict) {
            case PASS -> screen.green(word);
            case WARN, SKIPPED -> screen.yellow(word);
            case FAIL, ERROR -> screen.red(word);
        };
    }

    private void next(RunSummary summary) {
        if (summary.report().status() == RunStatus.PASSED && summary.version().isPresent()) {
            ModelVersion version = summary.version().get();
            if (version.stage().word().equals("staging")) {
                screen.say(screen.dim("  next: weir promote " + version.ref() + " production"));
            }
        }
    }

    /** {@code {"run","pipeline","status","steps":[],"gates":[],"model":{}}}. */
    static ObjectNode json(RunSummary summary) {
        RunReport report = summary.report();
        ObjectNode json = Screen.problemsJson(report.problems());
        json.put("run", report.runId());
        json.put("pipeline", report.pipeline());
        json.put("status", report.status().text());
        ArrayNode steps = json.putArray("steps");
        report.steps().forEach(step -> steps.add(json(step)));
        ArrayNode gates = json.putArray("gates");
        summary.rulings().forEach(r -> gates.add(r.json()));
        summary.diagnosis().ifPresent(found -> json.set("diagnosis", found));
        summary.version()
                .ifPresent(
                        version -> {
                            ObjectNode model = json.putObject("model");
                            model.put("name", version.model());
                            model.put("version", version.version());
                            model.put("stage", version.stage().word());
                            model.put("created", summary.created());
                            ObjectNode metrics = JsonNodeFactory.instance.objectNode();
                            version.metrics()
                                    .forEach(
                                            (name, value) -> {
                                                if (Double.isFinite(value)) {
                                                    metrics.put(name, value);
                                                }
                                            });
                            model.set("metrics", metrics);
                        });
        return json;
    }

    static ObjectNode json(StepReport step) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("step", step.step());
        json.put("stage", step.stage());
        json.put("outcome", step.outcome().text());
        json.put("key", step.key());
        json.put("seconds", step.elapsed().toMillis() / MILLIS);
        if (step.reason() != null) {
            json.put("reason", step.reason());
        }
        if (step.log() != null) {
            json.put("log", step.log().toString());
        }
        return json;
    }

    static ObjectNode json(AttemptReport attempt) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("attempt", attempt.number());
        json.put("state", attempt.state());
        json.put("started", attempt.started().toString());
        json.put("ended", attempt.ended() == null ? null : attempt.ended().toString());
        json.put("reason", attempt.reason());
        json.put("log", attempt.log().toString());
        return json;
    }
}
