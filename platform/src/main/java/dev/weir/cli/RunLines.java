package dev.weir.cli;

import dev.weir.ml.gate.Verdict;
import dev.weir.pipeline.Outcome;
import dev.weir.pipeline.RunRecord;
import dev.weir.pipeline.RunStatus;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;

/** How a run, an outcome and a verdict look, wherever they are shown. */
final class RunLines {
    private static final double MILLIS = 1000.0;

    private RunLines() {}

    static String painted(Screen screen, RunStatus status) {
        String word = status.text();
        return switch (status) {
            case PASSED -> screen.green(word);
            case REJECTED, FAILED -> screen.red(word);
            case CANCELLED, RUNNING -> screen.yellow(word);
        };
    }

    static String painted(Screen screen, Outcome outcome) {
        String word = outcome.text();
        return switch (outcome) {
            case EXECUTED, CACHED -> screen.green(word);
            case SKIPPED -> screen.dim(word);
            case FAILED -> screen.red(word);
        };
    }

    static String painted(Screen screen, Verdict verdict) {
        String word = verdict.word();
        return switch (verdict) {
            case PASS -> screen.green(word);
            case WARN, SKIPPED -> screen.yellow(word);
            case FAIL, ERROR -> screen.red(word);
        };
    }

    static String took(RunRecord run) {
        Instant ended = run.ended();
        return ended == null ? "" : RunView.seconds(Duration.between(run.started(), ended));
    }

    /** {@code commit 1a2b3c4, with changes}. */
    static String project(RunRecord run) {
        String commit = run.project().path("commit").asString("");
        String dirty = run.project().path("dirty").asBoolean(false) ? ", with changes" : "";
        return commit.isEmpty() ? "no commit" : "commit " + Screen.brief(commit) + dirty;
    }

    /** {@code {"run","pipeline","status","trigger","actor","started","ended","seconds",…}}. */
    static ObjectNode json(RunRecord run) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("run", run.runId());
        json.put("pipeline", run.pipeline());
        json.put("status", run.status().text());
        json.put("trigger", run.trigger());
        json.put("actor", run.actor());
        json.set("project", run.project());
        json.put("started", run.started().toString());
        Instant ended = run.ended();
        json.put("ended", ended == null ? null : ended.toString());
        json.put(
                "seconds",
                ended == null ? null : Duration.between(run.started(), ended).toMillis() / MILLIS);
        json.put("problem", run.problem());
        return json;
    }
}
