package dev.weir.cli;

import dev.weir.project.Home;
import dev.weir.project.Project;
import dev.weir.project.SweepOptions;
import dev.weir.project.SweepReport;
import dev.weir.project.Sweeps;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.OptionalInt;
import java.util.concurrent.Callable;

/** {@code weir sweep}. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description = {
            "Searches hyper-parameters: trains the configurations that sweep: in the training"
                    + " configuration allows, side by side, and says which is best, and by how much"
                    + " more than another seed would be.",
            "Trials are compared on a part of the training rows; the held-out rows are never looked"
                    + " at. A trial that was trained before is known: a sweep that was stopped goes"
                    + " on where it was.",
            "Exit code: 0 done, 1 a gate of the table said no, 2 the input is wrong, 3 a step"
                    + " failed, 130 cancelled."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir sweep",
            "  weir sweep income --trials 60 --jobs 2",
            "  weir sweep --write                put the winner's values into the file",
            "  weir sweep --json | jq .winner.values"
        })
final class SweepCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(
            arity = "0..1",
            paramLabel = "PIPELINE",
            description = "Which pipeline, where there are several.")
    @Nullable String pipeline;

    @Option(
            names = "--trials",
            paramLabel = "N",
            description = "How many configurations; else what the file says, or 30.")
    @Nullable Integer trials;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many side by side; else as many as there are cores.")
    @Nullable Integer jobs;

    @Option(
            names = "--write",
            description = "Put the winner's values into the training configuration.")
    boolean write;

    SweepCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        Project project = Common.project(services);
        SweepOptions options = new SweepOptions(given(trials), given(jobs));
        try (Home home = services.home(project)) {
            Sweeps sweeps = new Sweeps(home, services.runtime());
            try (AutoCloseable interrupt = services.whenInterrupted(sweeps::cancel)) {
                SweepReport report =
                        new RunView(screen)
                                .watched(
                                        progress ->
                                                sweeps.sweep(project, pipeline, options, progress));
                boolean adopted =
                        write && report.result().filter(r -> !r.nothingBetter()).isPresent();
                if (adopted) {
                    sweeps.adopt(report);
                }
                screen.problems(report.run().problems());
                SweepView view = new SweepView(screen, report, adopted);
                if (common.json) {
                    screen.json(view.json());
                } else {
                    view.show();
                }
                return RunCommand.exitCode(report.run());
            }
        }
    }

    private static OptionalInt given(@Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
