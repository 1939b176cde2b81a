package dev.weir.cli;

import dev.weir.pipeline.Plan;
import dev.weir.project.Home;
import dev.weir.project.Project;
import dev.weir.project.RunOptions;
import dev.weir.project.Runs;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir plan}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Says of every step whether it would run, and why.",
        footerHeading = "%nExamples:%n",
        footer = {"  weir plan", "  weir plan train --json", "  weir plan --from train"})
final class PlanCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(
            arity = "0..1",
            paramLabel = "STEP",
            description = "Only this step and what it needs.")
    @Nullable String step;

    @Option(
            names = {"-p", "--pipeline"},
            paramLabel = "NAME",
            description = "Which pipeline, where there are several.")
    @Nullable String pipeline;

    @Option(
            names = "--from",
            paramLabel = "STEP",
            description = "As if this step and all after it had to run.")
    @Nullable String from;

    @Option(names = "--force", description = "As if every step had to run.")
    boolean force;

    PlanCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        Project project = Common.project(services);
        try (Home home = services.home(project)) {
            RunOptions options =
                    new RunOptions(
                            Optional.ofNullable(step),
                            Optional.ofNullable(from),
                            force,
                            false,
                            "manual");
            show(new Runs(home, services.runtime()).plan(project, pipeline, options));
        }
        return 0;
    }

    private void show(Plan plan) {
        if (common.json) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            ArrayNode steps = json.putArray("steps");
            for (Plan.Planned planned : plan.steps()) {
                ObjectNode one = steps.addObject();
                one.put("step", planned.step());
                one.put("stage", planned.stage());
                one.put("outcome", planned.expectation().text());
                one.put("key", planned.key());
                planned.because().forEach(one.putArray("because")::add);
            }
            screen.json(json);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        for (Plan.Planned planned : plan.steps()) {
            String text = planned.expectation().text();
            String outcome =
                    switch (planned.expectation()) {
                        case HIT -> screen.green(text);
                        case MISS -> screen.yellow(text);
                        case DEPENDS -> screen.dim(text);
                    };
            rows.add(
                    List.of(
                            planned.step(),
                            planned.stage(),
                            outcome,
                            String.join("; ", planned.because())));
        }
        screen.table(List.of("step", "stage", "outcome", "because"), rows);
    }
}
