package dev.weir.project;

import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Registration;
import dev.weir.pipeline.Engine;
import dev.weir.pipeline.Pipeline;
import dev.weir.pipeline.Plan;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.RunReport;
import dev.weir.pipeline.RunRequest;
import dev.weir.pipeline.Step;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Plans and runs the pipelines of projects in one home. */
public final class Runs {
    private final Home home;
    private final Runtime runtime;
    private final Engine engine;

    public Runs(Home home, Runtime runtime) {
        this.home = home;
        this.runtime = runtime;
        this.engine = home.engine(new TrackedRuns(home.tracking(), home.ledger()));
    }

    /** The engine that carries the runs; for lists, logs and cancelling. */
    public Engine engine() {
        return engine;
    }

    private record Prepared(Pipeline pipeline, Passages passages, Git.State git) {}

    private Prepared prepared(Project project, PipelineFile file, RunOptions options) {
        Compiler compiler = new Compiler(home, runtime, project, file);
        Optional<ModelVersion> production =
                home.database().read(tx -> home.registry().production(tx, file.model()));
        Git tree = new Git(project.root());
        Git.State git = tree.state();
        RecipeWriter recipes = new RecipeWriter(home, runtime, file, compiler, git);
        Passages passages =
                new Passages(
                        home,
                        file,
                        compiler,
                        recipes,
                        production,
                        project.register().rulings(tree, git));
        Pipeline whole =
                compiler.compile(
                        production,
                        passages::ingestGate,
                        passages::register,
                        passages::validateGate);
        Pipeline wanted =
                options.step().isPresent() ? whole.upTo(Set.of(options.step().get())) : whole;
        return new Prepared(wanted, passages, git);
    }

    /** What a run would do now, and why. */
    public Plan plan(Project project, @Nullable String pipeline, RunOptions options) {
        Prepared prepared = prepared(project, project.pipeline(pipeline), options);
        return engine.plan(
                prepared.pipeline(), home.workspace(), forced(prepared.pipeline(), options));
    }

    /**
     * Runs a pipeline to its end.
     *
     * @throws dev.weir.base.problem.ProblemException where the project's files are wrong; what goes
     *     wrong in a step or a gate is in the summary
     */
    public RunSummary run(
            Project project, @Nullable String pipeline, RunOptions options, Progress progress) {
        PipelineFile file = project.pipeline(pipeline);
        Prepared prepared = prepared(project, file, options);
        RunRequest request =
                new RunRequest(
                        home.ids().next(),
                        home.workspace(),
                        home.actor().toString(),
                        options.trigger(),
                        describe(prepared.git()),
                        forced(prepared.pipeline(), options),
                        options.keepGoing());
        RunReport report = engine.run(prepared.pipeline(), request, progress);
        Optional<Registration> registration = prepared.passages().registration();
        Optional<ModelVersion> version =
                registration.map(
                        r ->
                                home.database()
                                        .read(
                                                tx ->
                                                        home.registry()
                                                                .version(tx, r.version().ref())));
        return new RunSummary(
                report,
                prepared.passages().rulings(),
                version,
                registration.map(Registration::created).orElse(false),
                Optional.ofNullable(report.results().get(Names.TRAIN))
                        .map(result -> result.evidence()),
                prepared.passages().diagnosis());
    }

    static ObjectNode describe(Git.State git) {
        ObjectNode project = JsonNodeFactory.instance.objectNode();
        if (git.commit() != null) {
            project.put("commit", git.commit());
        }
        return project.put("dirty", git.dirty());
    }

    private static Set<String> forced(Pipeline pipeline, RunOptions options) {
        Set<String> steps = pipeline.steps().stream().map(Step::name).collect(Collectors.toSet());
        Set<String> forced = new HashSet<>();
        if (options.force()) {
            options.step().ifPresentOrElse(forced::add, () -> forced.addAll(steps));
        }
        options.from().ifPresent(from -> forced.addAll(pipeline.from(from)));
        forced.retainAll(steps);
        return forced;
    }
}
