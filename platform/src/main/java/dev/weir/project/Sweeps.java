package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.config.YamlEdit;
import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.ml.stats.Task;
import dev.weir.pipeline.Engine;
import dev.weir.pipeline.Node;
import dev.weir.pipeline.Pipeline;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.Resources;
import dev.weir.pipeline.RunReport;
import dev.weir.pipeline.RunRequest;
import dev.weir.pipeline.Transition.Decision;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.search.SweepSettings;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Searches hyper-parameters: tries what {@code sweep:} in the training configuration allows, and
 * says which configuration is best, and by how much more than another seed would be.
 */
public final class Sweeps {
    private final Home home;
    private final Runtime runtime;
    private @Nullable Engine engine;

    public Sweeps(Home home, Runtime runtime) {
        this.home = home;
        this.runtime = runtime;
    }

    /** Cancels the sweep that goes on, if there is one. */
    public void cancel() {
        Engine carrying = engine;
        if (carrying != null) {
            carrying.cancel();
        }
    }

    /**
     * Sweeps.
     *
     * @throws dev.weir.base.problem.ProblemException where the project's files are wrong or have
     *     nothing to search; what goes wrong in a trial is in the report
     */
    public SweepReport sweep(
            Project project, @Nullable String pipeline, SweepOptions options, Progress progress) {
        PipelineFile file = project.pipeline(pipeline);
        Trainer trainer = trainer(file);
        ConfigNode config = TrainingFile.of(project, file).orElseThrow(() -> nothing(file));
        Path path = file.train().at("config").map(project::file).orElseThrow();
        ConfigNode section =
                config.at(TrainingFile.SWEEP).orElseThrow(() -> nothing(path, trainer));
        Compiler compiler = new Compiler(home, runtime, project, file);
        Task task = compiler.task().orElse(null);
        SweepSettings written = SweepSettings.of(section, trainer, task);
        SweepSettings settings =
                options.trials().isPresent()
                        ? written.trials(atLeastOne("--trials", options.trials().getAsInt()))
                        : written;
        int jobs = jobs(options, compiler.train().resources());
        TrialSteps steps =
                new TrialSteps(
                        compiler,
                        settings,
                        SweepSettings.budgetParameter(trainer).orElse(""),
                        new Resources(
                                home.machine().cpu() / jobs,
                                compiler.train().resources().memoryBytes(),
                                compiler.train().resources().gpu()));
        TrialRuns runs = new TrialRuns(home, settings.search().text());
        Sweep sweep = new Sweep(settings, trainer, steps, runs);
        Git.State git = new Git(project.root()).state();
        RunRequest request =
                new RunRequest(
                        home.ids().next(),
                        home.workspace(),
                        home.actor().toString(),
                        "manual",
                        Runs.describe(git),
                        Set.of(),
                        false);
        Engine carrying = home.engine(runs);
        engine = carrying;
        RunReport report = carrying.run(pipeline(compiler, file, git, sweep), request, progress);
        return new SweepReport(
                report,
                path,
                settings,
                compiler.config().path("config"),
                sweep.metric(),
                sweep.rows(),
                jobs,
                sweep.ranked(),
                sweep.result());
    }

    /** What makes the table, the gate behind it, and the first rung. */
    private Pipeline pipeline(Compiler compiler, PipelineFile file, Git.State git, Sweep sweep) {
        Passages passages =
                new Passages(
                        home,
                        file,
                        compiler,
                        new RecipeWriter(home, runtime, file, compiler, git),
                        Optional.empty(),
                        List.of());
        Pipeline whole =
                compiler.compile(
                        Optional.empty(),
                        passages::ingestGate,
                        (run, results) -> new Decision.Proceed(),
                        (run, results) -> new Decision.Proceed());
        Set<String> needs = whole.node(Names.TRAIN).needs();
        List<Node> nodes = new ArrayList<>(whole.upTo(needs).nodes());
        nodes.addAll(sweep.begin(needs));
        return Pipeline.of(file.model(), nodes);
    }

    private int jobs(SweepOptions options, Resources each) {
        if (options.jobs().isPresent()) {
            return atLeastOne("--jobs", options.jobs().getAsInt());
        }
        Resources machine = home.machine();
        long byMemory =
                each.memoryBytes() == 0
                        ? Long.MAX_VALUE
                        : machine.memoryBytes() / each.memoryBytes();
        return (int) Math.max(1, Math.min((long) machine.cpu(), byMemory));
    }

    private static int atLeastOne(String option, int number) {
        if (number < 1) {
            throw Problem.input("sweep.option", option + ": " + number + " (expected: 1 or more)")
                    .exception();
        }
        return number;
    }

    private static Trainer trainer(PipelineFile file) {
        ConfigNode trainer = file.train().need("trainer");
        return Trainer.named(trainer.text())
                .orElseThrow(
                        () ->
                                trainer.problem(
                                                "sweep.trainer",
                                                "train.trainer: a program of your own (expected:"
                                                        + " a built-in trainer, whose parameters"
                                                        + " can be searched)")
                                        .exception());
    }

    private static RuntimeException nothing(PipelineFile file) {
        return file.problem("sweep.nothing", "train.config: missing, so there is nothing to search")
                .hint("Name a file there, with a section sweep: in it; docs/sweeps.md shows one.")
                .exception();
    }

    private static RuntimeException nothing(Path path, Trainer trainer) {
        return Problem.input("sweep.nothing", "sweep: missing, so there is nothing to search")
                .at(Place.of(path))
                .hint(
                        "For example: sweep: {trials: 30, space: {"
                                + dev.weir.stage.train.search.SearchSpace.example(trainer)
                                + "}}")
                .exception();
    }

    /**
     * Puts the winner's values into the configuration file, where its comments stay.
     *
     * @throws dev.weir.base.problem.ProblemException where the file cannot be changed without
     *     changing more
     */
    public void adopt(SweepReport report) {
        SweepReport.Result result = report.result().orElseThrow();
        Map<String, JsonNode> values = new LinkedHashMap<>();
        result.winner()
                .configuration()
                .values()
                .properties()
                .forEach(e -> values.put(e.getKey(), e.getValue()));
        Path file = report.config();
        try {
            String edited =
                    YamlEdit.set(
                            file.toString(), Files.readString(file), values, TrainingFile.SWEEP);
            Path beside = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(beside, edited);
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
