package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.source.SourceFiles;
import dev.weir.ml.data.source.TableFormat;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.stats.Task;
import dev.weir.pipeline.Input;
import dev.weir.pipeline.Node;
import dev.weir.pipeline.Pipeline;
import dev.weir.pipeline.Resources;
import dev.weir.pipeline.Retries;
import dev.weir.pipeline.Step;
import dev.weir.pipeline.Transition;
import dev.weir.stage.ingest.IngestKind;
import dev.weir.stage.train.TrainKind;
import dev.weir.stage.train.UnseenKind;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;
import dev.weir.stage.validate.CustomGate;
import dev.weir.stage.validate.ModelGate;
import dev.weir.stage.validate.ModelGates;
import dev.weir.stage.validate.ScoreKind;
import dev.weir.stage.validate.TableKind;
import dev.weir.store.blob.Artifact;
import dev.weir.store.meta.FileDigests;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Turns a pipeline file into the DAG that the engine runs. */
final class Compiler {
    /** The libraries that decide the bytes of a model, by parts of their file names. */
    static final List<String> TRAINER_LIBRARIES = List.of("xgboost4j", "duckdb", "onnxruntime");

    private static final long TRAINER_MEMORY_BYTES = 2L << 30;
    private static final String PRODUCTION = "production";

    private final Home home;
    private final Runtime runtime;
    private final Project project;
    private final PipelineFile file;
    private final CodeTree code;
    private final OwnSteps ownSteps;
    private final Optional<OwnTrainer> ownTrainer;

    /**
     * What is in the store already and is not looked for elsewhere: tables by the node that reads
     * them, files of own steps by {@link OwnSteps#fileKey}. A reproduction starts from these.
     */
    private final Map<String, Artifact> stored;

    private final TrainKind trainer;
    private final ObjectNode trainParams;
    private final Optional<JsonNode> suite;
    private final ModelGates gates;

    /** A compiler for a project as it stands. */
    Compiler(Home home, Runtime runtime, Project project, PipelineFile file) {
        this(
                home,
                runtime,
                project,
                file,
                CodeTree.of(project, home.trees()),
                Map.of(),
                new TrainKind(Optional.empty()));
    }

    Compiler(
            Home home,
            Runtime runtime,
            Project project,
            PipelineFile file,
            CodeTree code,
            Map<String, Artifact> stored,
            TrainKind trainer) {
        this.home = home;
        this.runtime = runtime;
        this.project = project;
        this.file = file;
        this.code = code;
        this.stored = stored;
        this.trainer = trainer;
        this.ownSteps = new OwnSteps(home, project, file, code, stored);
        this.ownTrainer = OwnTrainer.of(file, ownSteps);
        this.trainParams = trainParams();
        this.suite = suite();
        this.gates = new ModelGates(file.validate());
    }

    /** The project's files, as this compilation saw them. */
    CodeTree code() {
        return code;
    }

    /** All hyper-parameters after defaults, and what else decides the model. */
    ObjectNode config() {
        return trainParams;
    }

    /** What of this machine and its libraries decides the bytes of the model. */
    ObjectNode trainEnvironment() {
        return ownTrainer
                .map(own -> own.environment(runtime.environment(List.of("duckdb"))))
                .orElseGet(() -> runtime.environment(TRAINER_LIBRARIES));
    }

    /** The program of the team's own that trains, where no built-in trainer does. */
    Optional<OwnTrainer> ownTrainer() {
        return ownTrainer;
    }

    /** The project's files that own steps take, by {@link OwnSteps#fileKey}. */
    Map<String, Artifact> ownFiles() {
        return ownSteps.files();
    }

    /** One digest for the programs of all own steps. */
    Digest ownCode() {
        ObjectNode programs = JsonNodeFactory.instance.objectNode();
        for (Step step : ownSteps.compile()) {
            programs.put(step.name(), step.code() == null ? "" : step.code().hex());
            programs.put(step.name() + " command", step.kind().command());
        }
        ownTrainer.ifPresent(
                own -> {
                    Step step = train();
                    programs.put("train", step.code() == null ? "" : step.code().hex());
                    programs.put("train command", step.kind().command());
                    step.inputs()
                            .forEach(
                                    (name, input) -> {
                                        if (input instanceof Input.Given given
                                                && name.equals("scorer")) {
                                            programs.put("scorer", given.artifact().toString());
                                        }
                                    });
                });
        return CanonicalJson.digest(programs);
    }

    /** The steps that read tables from outside, source first. */
    List<String> tables() {
        return holdoutFile().isPresent()
                ? List.of(Names.INGEST, Names.HOLDOUT)
                : List.of(Names.INGEST);
    }

    /** Where a table comes from, as the pipeline file says. */
    String sourceOf(String table) {
        return table.equals(Names.HOLDOUT)
                ? holdoutFile().map(ConfigNode::text).orElse("")
                : file.source().at("file").orElse(file.source()).text();
    }

    /** The gates between the model and staging. */
    ModelGates gates() {
        return gates;
    }

    /** What a gate's step measured; an empty object where there is no such step. */
    JsonNode measured(
            ModelGate gate, Transition.Results results, Optional<ModelVersion> production) {
        return isMeasured(gate, production)
                ? results.of(gate.step()).evidence()
                : JsonNodeFactory.instance.objectNode();
    }

    /** Why a gate's step measured nothing, where the model is to blame. */
    Optional<Problem> failure(
            ModelGate gate, Transition.Results results, Optional<ModelVersion> production) {
        return isMeasured(gate, production) ? results.failure(gate.step()) : Optional.empty();
    }

    private static boolean isMeasured(ModelGate gate, Optional<ModelVersion> production) {
        return gate instanceof CustomGate
                || model(production).isPresent()
                || !gate.measuring().takes().contains(ModelGate.Taken.PRODUCTION);
    }

    private static Optional<Digest> model(Optional<ModelVersion> production) {
        return production.flatMap(version -> Optional.ofNullable(version.digest()));
    }

    /** The steps alone; with them a model can be made. */
    List<Step> steps(Optional<ModelVersion> production) {
        List<Step> steps = new ArrayList<>();
        if (!stored.containsKey(Names.INGEST)) {
            steps.add(ingest(Names.INGEST, file.source().at("file").orElse(file.source())));
        }
        holdoutFile()
                .filter(path -> !stored.containsKey(Names.HOLDOUT))
                .ifPresent(path -> steps.add(ingest(Names.HOLDOUT, path)));
        steps.addAll(ownSteps.compile());
        steps.add(train());
        steps.add(score(Names.SCORE, Optional.empty()));
        steps.addAll(seeds(seedsAsked()).steps());
        Optional<Digest> model = model(production);
        List<ModelGate> measured =
                gates.gates().stream().filter(gate -> isMeasured(gate, production)).toList();
        if (model.isPresent() && measured.stream().anyMatch(Compiler::takesProduction)) {
            steps.add(score(Names.SCORE_PRODUCTION, model));
        }
        Optional<Step> unseen =
                production
                        .filter(p -> measured.stream().anyMatch(Compiler::takesUnseen))
                        .flatMap(this::unseen);
        unseen.ifPresent(steps::add);
        Set<String> formats = new TreeSet<>();
        for (ModelGate gate : measured) {
            if (gate instanceof CustomGate custom) {
                formats.add(custom.format());
                steps.add(
                        ownSteps.judge(
                                custom.step(),
                                custom.section(),
                                new Input.FromStep(
                                        tableStep(custom.format()),
                                        "table",
                                        "in/predictions." + custom.format())));
            } else {
                steps.add(measuring(gate.measuring(), model, unseen.isPresent()));
            }
        }
        formats.forEach(format -> steps.add(table(format)));
        return steps;
    }

    /**
     * The whole DAG: steps, and the transitions between the stages.
     *
     * @throws ProblemException with what is wrong in the project's files, each with its place
     */
    Pipeline compile(
            Optional<ModelVersion> production,
            Transition.Passage ingestGate,
            Transition.Passage register,
            Transition.Passage validateGate) {
        List<Step> steps = steps(production);
        List<Node> nodes = new ArrayList<>();
        Set<String> tables = Set.of(Names.INGEST, Names.HOLDOUT);
        Set<String> judged = new LinkedHashSet<>(Set.of(Names.REGISTER));
        for (Step step : steps) {
            boolean takesTable = step.needs().stream().anyMatch(tables::contains);
            nodes.add(takesTable ? step.after(with(step.after(), Names.INGEST_GATE)) : step);
            if (step.stage().equals("validate")) {
                judged.add(step.name());
            }
        }
        Set<String> ingested = new LinkedHashSet<>(tables);
        ingested.retainAll(steps.stream().map(Step::name).toList());
        nodes.add(new Transition(Names.INGEST_GATE, "ingest", ingested, ingestGate));
        nodes.add(
                new Transition(
                        Names.REGISTER,
                        "train",
                        Set.of(Names.TRAIN, Names.INGEST_GATE, Names.SCORE),
                        Compiler::ofTheModel,
                        register));
        nodes.add(
                new Transition(
                        Names.VALIDATE_GATE,
                        "validate",
                        judged,
                        Compiler::ofTheModel,
                        validateGate));
        return Pipeline.of(file.model(), nodes, this::placeOf);
    }

    /** Whether a model has failed where it was asked: that is a verdict on it. */
    private static boolean ofTheModel(Step step, Problem problem) {
        return step.stage().equals("validate") && problem.code().startsWith("model.");
    }

    private @Nullable Place placeOf(String step) {
        ConfigNode own = file.steps().get(step);
        return own == null ? null : own.keyPlace();
    }

    private static Set<String> with(Set<String> names, String more) {
        Set<String> all = new LinkedHashSet<>(names);
        all.add(more);
        return all;
    }

    // Ingest

    /** A held-out file is written as the source is; only where it lies differs. */
    private Step ingest(String name, ConfigNode path) {
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        params.set("source", format(file.source()));
        suite.ifPresent(expect -> params.set("expect", expect));
        Step step =
                Step.named(name, "ingest", new IngestKind())
                        .params(params)
                        .environment(runtime.environment(List.of("duckdb")))
                        .output("table", "table.parquet")
                        .output("baseline", "baseline.json")
                        .bounds(
                                resources(file.ingest(), new Resources(1, 0, 0)),
                                Retries.NONE,
                                PipelineFile.timeout(file.ingest()));
        List<Path> files = files(path);
        Path folder = Objects.requireNonNullElse(files.getFirst().getParent(), project.root());
        Path common = files.size() == 1 ? files.getFirst() : folder;
        try (FileDigests.Memo memo = home.fileDigests().under(common)) {
            for (int i = 0; i < files.size(); i++) {
                Path each = files.get(i);
                step =
                        step.input(
                                "source-%05d".formatted(i), Input.InPlace.of(each, memo.of(each)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return step;
    }

    private List<Path> files(ConfigNode path) {
        try {
            return SourceFiles.of(project.root(), path.text());
        } catch (ProblemException e) {
            throw new ProblemException(e.problems().stream().map(p -> said(p, path)).toList());
        }
    }

    /** A problem of a file as a whole is one of the line that names the file. */
    private static Problem said(Problem problem, ConfigNode path) {
        return new Problem(
                problem.kind(), problem.code(), problem.line(), path.place(), problem.hint());
    }

    /** How the files are written; where they lie is no part of it. */
    private static ObjectNode format(ConfigNode source) {
        ObjectNode written =
                source.json() instanceof ObjectNode mapping
                        ? mapping.deepCopy()
                        : JsonNodeFactory.instance.objectNode().put("file", source.text());
        TableFormat format = TableFormat.of(written);
        ObjectNode json = format.json("");
        json.remove("file");
        json.put("format", format(format));
        return json;
    }

    private static String format(TableFormat format) {
        return switch (format) {
            case TableFormat.Csv csv -> "csv";
            case TableFormat.Parquet parquet -> "parquet";
            case TableFormat.JsonLines lines -> "jsonl";
        };
    }

    /** What the tables must be like. */
    ExpectationSuite expectations() {
        return suiteFile().map(ExpectationSuite::of).orElse(ExpectationSuite.none());
    }

    private Optional<JsonNode> suite() {
        Optional<ConfigNode> yaml = suiteFile();
        yaml.ifPresent(ExpectationSuite::of); // refuses what its schema cannot say
        return yaml.map(ConfigNode::json);
    }

    private Optional<ConfigNode> suiteFile() {
        return file.expect()
                .map(node -> new YamlReader().read(project.file(node), ConfigSchema.EXPECTATIONS));
    }

    private Optional<ConfigNode> holdoutFile() {
        return file.train().at("holdout", "file");
    }

    // Train

    /** The step that trains the model. */
    Step train() {
        Step step =
                Step.named(Names.TRAIN, "train", trainer)
                        .params(trainParams)
                        .input("table", table())
                        .environment(trainEnvironment())
                        .output("model", "out/model")
                        .output("holdout", "out/holdout.parquet")
                        .bounds(
                                resources(
                                        file.train(),
                                        new Resources(threads(), TRAINER_MEMORY_BYTES, 0)),
                                PipelineFile.retries(file.train()),
                                PipelineFile.timeout(file.train()))
                        .cacheSalt(file.train().at("cache").map(ConfigNode::text).orElse(""));
        Step split =
                holdoutFile().isPresent()
                        ? step.input("holdout", from(Names.HOLDOUT, "table", "in/holdout.parquet"))
                        : step;
        return ownTrainer.map(own -> own.step(split)).orElse(split);
    }

    /** Training and scoring with further seeds. */
    SeedSteps seeds(int seeds) {
        return new SeedSteps(this, seeds, from(Names.TRAIN, "holdout", "in/rows.parquet"));
    }

    /** The name of the model. */
    String model() {
        return file.model();
    }

    /** With how many seeds the model is judged; 0 where nobody asks. */
    int seedsAsked() {
        return file.validate()
                .flatMap(section -> section.at("seeds"))
                .map(node -> (int) node.whole())
                .orElse(0);
    }

    private int threads() {
        return trainParams.path("config").path("nthread").asInt(1);
    }

    /** The table to train on. */
    Input table() {
        String from = file.train().at("data", "from").map(ConfigNode::text).orElse("ingest.table");
        int dot = from.lastIndexOf('.');
        return from(from.substring(0, dot), from.substring(dot + 1), "in/table.parquet");
    }

    private Input from(String step, String output, String path) {
        Artifact known = stored.get(step);
        return known == null
                ? new Input.FromStep(step, output, path)
                : new Input.Given(known, path, step + "." + output);
    }

    private ObjectNode trainParams() {
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        PipelineFile.Target target = file.target();
        ObjectNode predicted = params.putObject("target");
        predicted.put("column", target.column().text());
        if (target.positive() != null) {
            predicted.put("positive", target.positive());
        }
        task().ifPresent(task -> predicted.put("task", task.text()));
        params.set("key", texts(file.key()));
        file.time().ifPresent(time -> params.put("time", time.text()));
        params.set("exclude", texts(file.excluded().stream().map(ConfigNode::text).toList()));
        if (!file.texts().isEmpty()) {
            params.set("text", texts(file.texts().stream().map(ConfigNode::text).toList()));
        }
        file.train().at("weight").ifPresent(column -> params.put("weight", column.text()));
        params.put("trainer", ownTrainer.isPresent() ? "own" : file.train().need("trainer").text());
        params.set("config", hyperParameters());
        params.set("holdout", holdout());
        return params;
    }

    /** The task, where the file says it. */
    Optional<Task> task() {
        return file.target()
                .task()
                .or(
                        () ->
                                file.target().positive() == null
                                        ? Optional.empty()
                                        : Optional.of(Task.BINARY));
    }

    private ObjectNode hyperParameters() {
        Optional<ConfigNode> config = TrainingFile.of(project, file);
        if (ownTrainer.isPresent()) {
            return ownTrainer.get().parameters(config);
        }
        try {
            return TrainerParameters.of(
                            builtIn(file.train().need("trainer")),
                            config.map(TrainingFile::parameters)
                                    .orElseGet(JsonNodeFactory.instance::objectNode),
                            task().orElse(null))
                    .values();
        } catch (ProblemException e) {
            throw config.map(node -> placed(e, node)).orElse(e);
        }
    }

    private static Trainer builtIn(ConfigNode trainer) {
        List<String> known = Stream.of(Trainer.values()).map(Trainer::text).toList();
        return Trainer.named(trainer.text())
                .orElseThrow(
                        () ->
                                trainer.problem(
                                                "config.enum",
                                                "train.trainer: %s (expected: %s, or {command: …})"
                                                        .formatted(
                                                                trainer.text(),
                                                                String.join(", ", known)))
                                        .hint(DidYouMean.hint(trainer.text(), known))
                                        .exception());
    }

    /** Problems that start with the name of a key get the place of that key. */
    private static ProblemException placed(ProblemException e, ConfigNode config) {
        List<Problem> placed = new ArrayList<>();
        for (Problem problem : e.problems()) {
            Optional<ConfigNode> key =
                    config.entries().entrySet().stream()
                            .filter(entry -> problem.message().startsWith(entry.getKey() + ":"))
                            .map(Map.Entry::getValue)
                            .findFirst();
            placed.add(problem.at(key.map(ConfigNode::keyPlace).orElse(config.place())));
        }
        return new ProblemException(placed);
    }

    private ObjectNode holdout() {
        ObjectNode holdout = JsonNodeFactory.instance.objectNode();
        Optional<ConfigNode> section = file.train().at("holdout");
        Optional<ConfigNode> after = section.flatMap(s -> s.at("after"));
        if (section.flatMap(s -> s.at("file")).isPresent()) {
            holdout.put("file", true);
        } else if (after.isPresent()) {
            if (file.time().isEmpty()) {
                throw after.get()
                        .problem(
                                "holdout.time",
                                "train.holdout.after: needs the column that orders rows")
                        .hint("Name it at the top of the file: time: COLUMN")
                        .exception();
            }
            holdout.put("after", after.get().text());
        } else {
            holdout.put(
                    "fraction",
                    section.flatMap(s -> s.at("fraction")).map(ConfigNode::number).orElse(0.2));
        }
        return holdout;
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    // Validate

    private Step score(String name, Optional<Digest> model) {
        return score(
                name,
                model.<Input>map(
                                digest ->
                                        new Input.Given(
                                                Artifact.folder(digest), "in/model", PRODUCTION))
                        .orElseGet(() -> from(Names.TRAIN, "model", "in/model")),
                from(Names.TRAIN, "holdout", "in/rows.parquet"));
    }

    /** A step that scores rows with a model, and measures how good the scores are. */
    Step score(String name, Input model, Input rows) {
        return Step.named(name, "validate", new ScoreKind())
                .input("model", model)
                .input("rows", rows)
                .environment(runtime.environment(List.of("onnxruntime", "duckdb")))
                .output("predictions", "predictions.parquet");
    }

    private static boolean takesProduction(ModelGate gate) {
        return !(gate instanceof CustomGate)
                && gate.measuring().takes().contains(ModelGate.Taken.PRODUCTION);
    }

    private static boolean takesUnseen(ModelGate gate) {
        return !(gate instanceof CustomGate)
                && gate.measuring().takes().contains(ModelGate.Taken.UNSEEN);
    }

    /** The step that finds what production was trained on. */
    private Optional<Step> unseen(ModelVersion production) {
        return UnseenRows.step(
                home,
                production,
                trainParams,
                from(Names.TRAIN, "holdout", "in/rows.parquet"),
                runtime.environment(List.of("duckdb")));
    }

    private Step measuring(
            ModelGate.Measuring measuring, Optional<Digest> production, boolean unseen) {
        Step step =
                Step.named(measuring.name(), "validate", measuring.kind())
                        .params(measuring.params());
        for (ModelGate.Taken taken : measuring.takes()) {
            if (unseen || taken != ModelGate.Taken.UNSEEN) {
                step = step.input(taken.input(), taken(taken, production));
            }
        }
        for (Map.Entry<String, ConfigNode> file : measuring.files().entrySet()) {
            step = step.input(file.getKey(), ownSteps.projectFile(file.getKey(), file.getValue()));
        }
        ObjectNode environment = runtime.environment(List.of("onnxruntime", "duckdb"));
        if (!measuring.ofThisMachine()) {
            return step.environment(environment);
        }
        environment.put("machine", runtime.machine());
        return step.environment(environment)
                .bounds(new Resources(home.machine().cpu(), 0, 0), Retries.NONE, null);
    }

    private Input taken(ModelGate.Taken taken, Optional<Digest> production) {
        return switch (taken) {
            case MODEL -> from(Names.TRAIN, "model", "in/model");
            case ROWS -> from(Names.TRAIN, "holdout", "in/rows.parquet");
            case PREDICTIONS -> from(Names.SCORE, "predictions", "in/predictions.parquet");
            case PRODUCTION ->
                    new Input.Given(
                            Artifact.folder(production.orElseThrow()), "in/production", PRODUCTION);
            case PRODUCTION_PREDICTIONS ->
                    from(
                            Names.SCORE_PRODUCTION,
                            "predictions",
                            "in/production-predictions.parquet");
            case UNSEEN ->
                    new Input.FromStep(UnseenRows.STEP, UnseenKind.UNSEEN, "in/unseen.parquet");
        };
    }

    private static String tableStep(String format) {
        return Names.GATE_STEP + "table-" + format;
    }

    private Step table(String format) {
        return measuring(
                        new ModelGate.Measuring(
                                tableStep(format),
                                new TableKind(),
                                JsonNodeFactory.instance.objectNode(),
                                Set.of(
                                        ModelGate.Taken.MODEL,
                                        ModelGate.Taken.ROWS,
                                        ModelGate.Taken.PREDICTIONS),
                                Map.of(),
                                false),
                        Optional.empty(),
                        false)
                .output("table", "predictions." + format);
    }

    private Resources resources(ConfigNode section, Resources standard) {
        Resources within =
                new Resources(
                        Math.min(standard.cpu(), home.machine().cpu()),
                        Math.min(standard.memoryBytes(), home.machine().memoryBytes()),
                        standard.gpu());
        return section.at("resources")
                .map(node -> PipelineFile.resources(node, within))
                .orElse(within);
    }
}
