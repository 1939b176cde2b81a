package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Recipe;
import dev.weir.ml.registry.VersionRef;
import dev.weir.pipeline.Engine;
import dev.weir.pipeline.Pipeline;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.RunListener;
import dev.weir.pipeline.RunRecord;
import dev.weir.pipeline.RunReport;
import dev.weir.pipeline.RunRequest;
import dev.weir.pipeline.RunStatus;
import dev.weir.pipeline.Step;
import dev.weir.pipeline.StepResult;
import dev.weir.stage.train.TrainKind;
import dev.weir.store.blob.Artifact;
import dev.weir.store.blob.BlobStore;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Makes a model version again from its registry entry alone: the code tree and the tables come out
 * of the store, the steps run in a clean place where nothing is known, and what comes out is held
 * against what was registered.
 */
public final class Reproduction {
    /** The seeds that tell what chance does, the model's own among them. */
    private static final int SEEDS = 5;

    private final Home home;
    private final Runtime runtime;

    public Reproduction(Home home, Runtime runtime) {
        this.home = home;
        this.runtime = runtime;
    }

    /**
     * A link that is not as it was.
     *
     * @param what of the link: {@code jdk}, {@code tree}
     */
    public record Difference(Link link, String what, String recorded, String here) {}

    /**
     * What was proved.
     *
     * @param differs links that are not as they were, whether or not the model is the same
     * @param digest of the model that was made again
     * @param note what was measured to reach the level, in a sentence
     */
    public record Proof(
            ModelVersion version,
            Level level,
            Digest digest,
            List<Difference> differs,
            String note) {
        public Proof {
            differs = List.copyOf(differs);
        }

        /** Whether every byte is the same. */
        public boolean same() {
            return level == Level.R0;
        }

        /** How near the trainer promised to come. */
        public Level promised() {
            return version.recipe()
                    .link(Link.ENVIRONMENT)
                    .flatMap(link -> link.path("reproduce").stringValueOpt())
                    .map(Level::valueOf)
                    .orElse(Level.R3);
        }

        /** Whether it came as near as was promised. */
        public boolean kept() {
            return level.compareTo(promised()) <= 0;
        }
    }

    /**
     * Makes a version again.
     *
     * @throws ProblemException of kind {@code REJECTED} where the recipe lacks a link or the store
     *     lacks what a link names, so that nothing can be judged; of kind {@code STEP} where a step
     *     fails that did not
     */
    public Proof reproduce(VersionRef ref, Progress progress) {
        ModelVersion version = home.database().read(tx -> home.registry().version(tx, ref));
        Recipe recipe = version.recipe();
        if (!recipe.complete()) {
            throw Problem.rejected(
                            "recipe.incomplete",
                            "%s cannot be made again: its recipe lacks %s"
                                    .formatted(
                                            version.ref(),
                                            String.join(
                                                    ", ",
                                                    recipe.missing().stream()
                                                            .map(Link::word)
                                                            .toList())))
                    .exception();
        }
        requireInStore(version);
        String id = home.ids().next();
        Path place = home.root().resolve("work").resolve("reproduce-" + id);
        try {
            Files.createDirectories(place);
            Proof proof = reproduce(version, place, id, progress);
            home.database().writing(tx -> record(tx, proof));
            return proof;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(place);
        }
    }

    private JsonNode link(ModelVersion version, Link link) {
        return version.recipe().link(link).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /** A recipe that names what the store has lost proves nothing: the link is told. */
    private void requireInStore(ModelVersion version) {
        Map<String, Artifact> named = new HashMap<>();
        named.put("code", folder(link(version, Link.CODE).path("tree").stringValue()));
        named.put("data", file(link(version, Link.DATA).path("digest").stringValue()));
        link(version, Link.DATA)
                .path("holdout")
                .stringValueOpt()
                .ifPresent(holdout -> named.put("data (holdout)", file(holdout)));
        named.forEach(
                (what, artifact) -> {
                    for (Digest digest : parts(what, artifact)) {
                        BlobStore.Condition condition = home.blobs().verify(digest);
                        if (condition != BlobStore.Condition.SOUND) {
                            throw lost(version, what, digest, condition);
                        }
                    }
                });
    }

    private Set<Digest> parts(String what, Artifact artifact) {
        if (artifact.kind() == Artifact.Kind.FILE) {
            return Set.of(artifact.digest());
        }
        try {
            return home.trees().reachable(artifact.digest());
        } catch (ProblemException e) {
            throw Problem.rejected("recipe.lost", what + ": " + e.problems().getFirst().message())
                    .exception(e);
        }
    }

    private static RuntimeException lost(
            ModelVersion version, String what, Digest digest, BlobStore.Condition condition) {
        return Problem.rejected(
                        "recipe.lost",
                        "%s cannot be made again: the link %s names blob %s, which is %s"
                                .formatted(
                                        version.ref(),
                                        what,
                                        digest.brief(),
                                        condition == BlobStore.Condition.CORRUPT
                                                ? "corrupt"
                                                : "gone from the store"))
                .hint("`weir store verify` lists all that is damaged.")
                .exception();
    }

    private static Artifact folder(String digest) {
        return Artifact.folder(new Digest(digest));
    }

    private static Artifact file(String digest) {
        return Artifact.file(new Digest(digest));
    }

    private Proof reproduce(ModelVersion version, Path place, String id, Progress progress)
            throws IOException {
        JsonNode code = link(version, Link.CODE);
        Path checkout = place.resolve("project");
        home.trees().checkout(new Digest(code.path("tree").stringValue()), checkout);
        Project project = Project.around(checkout);
        PipelineFile file = project.pipeline(code.path("pipeline").stringValue());
        Home clean = home.inWorkspace("reproduce-" + id);
        Compiler compiler =
                new Compiler(
                        clean,
                        runtime,
                        project,
                        file,
                        CodeTree.checkedOut(checkout, home.trees()),
                        stored(version),
                        new TrainKind(olderLibraries(version, place)));
        List<Difference> differs =
                new ArrayList<>(environment(version, compiler.trainEnvironment()));
        Pipeline pipeline =
                Pipeline.of(file.model(), compiler.steps(Optional.empty()))
                        .upTo(Set.of(Names.TRAIN));
        RunReport report = clean.engine(new Unheard()).run(pipeline, request(clean), progress);
        if (report.status() != RunStatus.PASSED) {
            throw new ProblemException(report.problems());
        }
        differs.addAll(new LinkDifferences(home, version).of(compiler, report));
        StepResult trained = report.result(Names.TRAIN);
        differs.addAll(observed(version, trained.evidence().path("environment")));
        return proof(
                version,
                trained,
                differs,
                SlicesOfRows.of(file),
                () -> seeds(version, clean, compiler, progress));
    }

    /**
     * Models of the same training with other seeds: those of {@code validate.seeds} where the store
     * has them, else trained now; none where chance has no part in the training.
     */
    private List<ModelFolder> seeds(
            ModelVersion version, Home clean, Compiler compiler, Progress progress) {
        SeedSteps seeds = compiler.seeds(Math.max(SEEDS, compiler.seedsAsked()));
        List<String> names = seeds.others();
        if (names.isEmpty()) {
            return List.of();
        }
        List<Digest> known = validated(version);
        if (known.isEmpty()) {
            progress.note("other seeds are trained, to see how much of the difference is chance");
            List<Step> steps =
                    seeds.steps().stream().filter(step -> names.contains(step.name())).toList();
            List<Step> all = new ArrayList<>(compiler.steps(Optional.empty()));
            all.removeIf(step -> steps.stream().anyMatch(s -> s.name().equals(step.name())));
            all.addAll(steps);
            RunReport report =
                    clean.engine(new Unheard())
                            .run(
                                    Pipeline.of(compiler.model(), all).upTo(Set.copyOf(names)),
                                    request(clean),
                                    progress);
            if (report.status() != RunStatus.PASSED) {
                throw new ProblemException(report.problems());
            }
            known =
                    names.stream()
                            .map(name -> report.result(name).output("model").digest())
                            .toList();
        }
        return known.stream().map(this::model).toList();
    }

    private ModelFolder model(Digest folder) {
        try {
            return Models.folder(home, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The models of other seeds that the run which registered the version trained. */
    private List<Digest> validated(ModelVersion version) {
        Engine engine = home.engine(new Unheard());
        String run = link(version, Link.RUN).path("registered_by").asString("");
        return engine.steps(run).stream()
                .filter(step -> SeedSteps.trains(step.step()))
                .flatMap(step -> Optional.ofNullable(step.key()).stream())
                .flatMap(key -> engine.result(home.workspace(), key).stream())
                .map(result -> result.output("model"))
                .filter(model -> home.trees().holds(model))
                .map(Artifact::digest)
                .toList();
    }

    private RunRequest request(Home clean) {
        return new RunRequest(
                home.ids().next(),
                clean.workspace(),
                home.actor().toString(),
                "manual",
                JsonNodeFactory.instance.objectNode(),
                Set.of(),
                false);
    }

    private Map<String, Artifact> stored(ModelVersion version) {
        Map<String, Artifact> stored = new HashMap<>();
        JsonNode data = link(version, Link.DATA);
        stored.put(Names.INGEST, file(data.path("digest").stringValue()));
        data.path("holdout").stringValueOpt().ifPresent(h -> stored.put(Names.HOLDOUT, file(h)));
        link(version, Link.CODE)
                .path("files")
                .properties()
                .forEach(e -> stored.put(e.getKey(), Artifact.parse(e.getValue().stringValue())));
        return stored;
    }

    /** Where a newer Weir has other libraries, it trains with those that the recipe kept. */
    private Optional<Path> olderLibraries(ModelVersion version, Path place) {
        JsonNode recorded = link(version, Link.ENVIRONMENT);
        Optional<String> tree = recorded.path("libraries").stringValueOpt();
        if (tree.isEmpty()
                || recorded.path("defining")
                        .equals(runtime.environment(Compiler.TRAINER_LIBRARIES))) {
            return Optional.empty();
        }
        Path libraries = place.resolve("libraries");
        home.trees().checkout(new Digest(tree.get()), libraries);
        return Optional.of(libraries);
    }

    private List<Difference> environment(ModelVersion version, JsonNode defining) {
        JsonNode recorded = link(version, Link.ENVIRONMENT);
        Map<String, String> here = new HashMap<>();
        here.put("jdk", runtime.jdk());
        here.put("os", runtime.os());
        here.put("arch", runtime.arch());
        defining.properties().forEach(e -> here.putIfAbsent(e.getKey(), e.getValue().asString("")));
        List<Difference> differs = new ArrayList<>();
        here.forEach(
                (what, now) -> {
                    JsonNode own = recorded.path(what);
                    String then =
                            own.isMissingNode()
                                    ? recorded.path("defining").path(what).asString("")
                                    : own.asString("");
                    if (!then.equals(now)) {
                        differs.add(new Difference(Link.ENVIRONMENT, what, then, now));
                    }
                });
        differs.sort(Comparator.comparing(Difference::what));
        return differs;
    }

    /** What a program of the team's own ran on then and now: its interpreter and its packages. */
    private List<Difference> observed(ModelVersion version, JsonNode now) {
        JsonNode then = link(version, Link.ENVIRONMENT).path("found");
        List<Difference> differs = new ArrayList<>();
        if (then.isMissingNode()) {
            return differs;
        }
        for (String what : List.of("interpreter", "version")) {
            difference(what, then.path(what), now.path(what)).ifPresent(differs::add);
        }
        Set<String> packages = new TreeSet<>(then.path("packages").propertyNames());
        packages.addAll(now.path("packages").propertyNames());
        for (String name : packages) {
            difference(name, then.path("packages").path(name), now.path("packages").path(name))
                    .ifPresent(differs::add);
        }
        return differs;
    }

    private static Optional<Difference> difference(String what, JsonNode then, JsonNode now) {
        String recorded = then.asString("none");
        String here = now.asString("none");
        return recorded.equals(here)
                ? Optional.empty()
                : Optional.of(new Difference(Link.ENVIRONMENT, what, recorded, here));
    }

    private Proof proof(
            ModelVersion version,
            StepResult trained,
            List<Difference> differs,
            SlicesOfRows slices,
            Supplier<List<ModelFolder>> seeds)
            throws IOException {
        Digest made = trained.output("model").digest();
        if (made.equals(version.content())) {
            return new Proof(
                    version, Level.R0, made, differs, "every byte of the model is the same");
        }
        Sameness sameness =
                Sameness.of(
                        home,
                        Models.folder(home, version.content()),
                        Models.folder(home, made),
                        trained.output("holdout").digest(),
                        slices,
                        seeds);
        return new Proof(version, sameness.level(), made, differs, sameness.note());
    }

    private void record(Transaction tx, Proof proof) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("level", proof.level().name());
        payload.put("digest", proof.digest().hex());
        home.ledger()
                .append(
                        tx,
                        home.workspace(),
                        home.actor(),
                        "version.reproduced",
                        "version:" + proof.version().ref(),
                        payload);
    }

    /** A reproduction is a proof, not a run of the pipeline: it is told by its own event. */
    private static final class Unheard implements RunListener {
        @Override
        public void started(Transaction tx, RunRecord run) {}

        @Override
        public void ended(Transaction tx, RunRecord run) {}
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
