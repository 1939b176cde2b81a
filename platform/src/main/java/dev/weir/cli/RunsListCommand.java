package dev.weir.cli;

import dev.weir.pipeline.RunRecord;
import dev.weir.project.Home;
import dev.weir.project.RunHistory;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir runs list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the newest runs, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir runs list",
            "  weir runs list --pipeline income --limit 5",
            "  weir runs list --json | jq -r '.runs[] | select(.status==\"failed\") | .run'"
        })
final class RunsListCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Option(
            names = {"-p", "--pipeline"},
            paramLabel = "NAME",
            description = "Only runs of this pipeline.")
    @Nullable String pipeline;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "At most so many (default: ${DEFAULT-VALUE}).")
    int limit = 20;

    RunsListCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            List<RunRecord> runs = new RunHistory(home).newest(pipeline, limit);
            if (common.json) {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                ArrayNode list = json.putArray("runs");
                runs.forEach(run -> list.add(RunLines.json(run)));
                screen.json(json);
            } else if (runs.isEmpty()) {
                screen.say("No run yet. weir run makes the first.");
            } else {
                screen.table(
                        List.of("run", "pipeline", "status", "started", "took", "why", "problem"),
                        runs.stream().map(this::row).toList());
            }
        }
        return 0;
    }

    private List<String> row(RunRecord run) {
        return List.of(
                Screen.brief(run.runId()),
                run.pipeline(),
                RunLines.painted(screen, run.status()),
                Screen.time(run.started()),
                RunLines.took(run),
                run.trigger(),
                run.problem() == null ? "" : screen.dim(screen.cut(run.problem())));
    }
}
