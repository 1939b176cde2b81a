package dev.weir.cli;

import dev.weir.base.problem.Kind;
import dev.weir.pipeline.RunReport;
import dev.weir.project.Home;
import dev.weir.project.Project;
import dev.weir.project.RunOptions;
import dev.weir.project.RunSummary;
import dev.weir.project.Runs;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a pipeline: ingest, train, register, validate. A step whose result is known does"
                    + " not run again; gates are judged every time.",
            "Exit code: 0 passed, 1 a gate said no, 2 the input is wrong, 3 a step failed, 130"
                    + " cancelled."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir run",
            "  weir run train               only train and what it needs",
            "  weir run --from train        train and all after it, known or not",
            "  weir run --json | jq .model"
        })
final class RunCommand implements Callable<Integer> {
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
            description = "This step and all after it run, known or not.")
    @Nullable String from;

    @Option(names = "--force", description = "Every step runs, known or not; with STEP, that one.")
    boolean force;

    @Option(
            names = "--keep-going",
            description = "What does not depend on a failed step still runs.")
    boolean keepGoing;

    RunCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        Project project = Common.project(services);
        RunOptions options =
                new RunOptions(
                        Optional.ofNullable(step),
                        Optional.ofNullable(from),
                        force,
                        keepGoing,
                        "manual");
        try (Home home = services.home(project)) {
            Runs runs = new Runs(home, services.runtime());
            RunView view = new RunView(screen);
            try (AutoCloseable interrupt = services.whenInterrupted(runs.engine()::cancel)) {
                RunSummary summary =
                        view.watched(progress -> runs.run(project, pipeline, options, progress));
                view.ended(summary, common.json);
                return exitCode(summary);
            }
        }
    }

    static int exitCode(RunSummary summary) {
        return exitCode(summary.report());
    }

    /** The run's own word where it ended by a decision; else that of its first problem. */
    static int exitCode(RunReport report) {
        return switch (report.status()) {
            case PASSED -> 0;
            case REJECTED -> Kind.REJECTED.exitCode();
            case CANCELLED -> Kind.CANCELLED.exitCode();
            case FAILED, RUNNING -> report.problems().getFirst().kind().exitCode();
        };
    }
}
