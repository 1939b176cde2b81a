package dev.weir.cli;

import dev.weir.pipeline.AttemptReport;
import dev.weir.project.Home;
import dev.weir.project.LogReader;
import dev.weir.project.RunHistory;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code weir runs logs}. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what the steps of a run printed: of each step its last attempt.",
            "With --follow it goes on while the run does."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir runs logs                      all steps of the last run",
            "  weir runs logs last train --follow  train, live",
            "  weir runs logs 019abc train --attempt 1"
        })
final class RunsLogsCommand implements Callable<Integer> {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUN",
            description = "Its id, the beginning of it, or last (the default).")
    String run = RunHistory.LAST;

    @Parameters(index = "1", arity = "0..1", paramLabel = "STEP", description = "Only this step.")
    @Nullable String step;

    @Option(names = "--attempt", paramLabel = "N", description = "This attempt, counted from 1.")
    @Nullable Integer attempt;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the run has ended.")
    boolean follow;

    private @Nullable LogReader shown;

    RunsLogsCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Home home = services.home(Common.project(services))) {
            RunHistory history = new RunHistory(home);
            RunHistory.Detail detail = history.detail(run);
            if (common.json) {
                screen.json(json(history.attempts(detail, step, attempt)));
            } else {
                print(history, detail);
            }
        }
        return 0;
    }

    /** Prints what is there; following, until nothing more can come. */
    private void print(RunHistory history, RunHistory.Detail first) throws InterruptedException {
        Map<String, LogReader> readers = new LinkedHashMap<>();
        RunHistory.Detail detail = first;
        boolean goesOn = follow && history.goesOn(detail);
        boolean waits = goesOn && step != null && detail.attempts(step).isEmpty();
        while (true) {
            if (!waits) {
                for (AttemptReport report : history.attempts(detail, step, attempt)) {
                    readers.computeIfAbsent(report.attemptId(), id -> new LogReader(report));
                }
            }
            boolean last = !goesOn;
            readers.values().forEach(reader -> print(reader, last));
            if (last) {
                if (readers.isEmpty()) {
                    screen.note("No step ran in this run: every result was known.");
                }
                return;
            }
            Thread.sleep(LOOK_AGAIN);
            goesOn = history.goesOn(detail);
            detail = history.again(detail);
            waits = goesOn && step != null && detail.attempts(step).isEmpty();
        }
    }

    private void print(LogReader reader, boolean ended) {
        for (String text = reader.more(ended); !text.isEmpty(); text = reader.more(ended)) {
            head(reader);
            screen.raw(text);
            if (ended && !text.endsWith("\n")) {
                screen.say("");
            }
        }
        if (ended && !reader.kept()) {
            head(reader);
            screen.note("no log: it printed nothing, or the log was cleared away");
        }
    }

    private void head(LogReader reader) {
        if (reader == shown) {
            return;
        }
        shown = reader;
        AttemptReport report = reader.attempt();
        if (step == null) {
            screen.say(
                    screen.dim("==> " + report.step() + ", attempt " + report.number() + " <=="));
        }
    }

    private static ObjectNode json(List<AttemptReport> attempts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("logs");
        for (AttemptReport report : attempts) {
            ObjectNode one = RunView.json(report);
            one.put("step", report.step());
            LogReader reader = new LogReader(report);
            StringBuilder text = new StringBuilder();
            for (String more = reader.more(true); !more.isEmpty(); more = reader.more(true)) {
                text.append(more);
            }
            one.put("text", text.toString());
            list.add(one);
        }
        return json;
    }
}
