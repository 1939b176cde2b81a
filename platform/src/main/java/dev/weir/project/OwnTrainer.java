package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.problem.DidYouMean;
import dev.weir.ml.model.ScoreProgram;
import dev.weir.pipeline.CommandKind;
import dev.weir.pipeline.Input;
import dev.weir.pipeline.Step;
import dev.weir.stage.train.OwnTrainKind;
import dev.weir.store.blob.Artifact;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code train.trainer: {command: …}}, a program of the team's own that makes the model, and {@code
 * train.score:}, how a model is asked that is itself a program.
 */
final class OwnTrainer {
    private static final String USUAL_MODEL = "out/model.onnx";
    private static final String USUAL_FOLDER = "out/model";
    private static final String SEED = "seed";

    private final PipelineFile file;
    private final OwnSteps ownSteps;
    private final ConfigNode trainer;

    private OwnTrainer(PipelineFile file, OwnSteps ownSteps, ConfigNode trainer) {
        this.file = file;
        this.ownSteps = ownSteps;
        this.trainer = trainer;
    }

    /** The program, where the file names one and no built-in trainer. */
    static Optional<OwnTrainer> of(PipelineFile file, OwnSteps ownSteps) {
        ConfigNode trainer = file.train().need("trainer");
        if (!trainer.json().isObject()) {
            file.train()
                    .at("score")
                    .ifPresent(
                            score -> {
                                throw score.problem(
                                                "train.score",
                                                "train.score: a built-in trainer makes a graph,"
                                                        + " which is asked in Weir itself")
                                        .at(score.keyPlace())
                                        .exception();
                            });
            return Optional.empty();
        }
        return Optional.of(new OwnTrainer(file, ownSteps, trainer));
    }

    /**
     * The parameters that the program gets, as the configuration file has them.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) for one that the trainer does not
     *     declare, where it declares any
     */
    ObjectNode parameters(Optional<ConfigNode> config) {
        ObjectNode values =
                config.map(TrainingFile::parameters)
                        .orElseGet(JsonNodeFactory.instance::objectNode);
        trainer.at("parameters")
                .ifPresent(
                        declared -> {
                            List<String> known = new ArrayList<>(declared.texts());
                            known.add(SEED);
                            for (String name : values.propertyNames()) {
                                if (!known.contains(name)) {
                                    ConfigNode written = config.orElseThrow().need(name);
                                    throw written.problem(
                                                    "trainer.parameter",
                                                    name + ": the trainer has no such parameter")
                                            .at(written.keyPlace())
                                            .hint(DidYouMean.hint(name, known))
                                            .exception();
                                }
                            }
                        });
        return values;
    }

    /** What of the program's surroundings decides the model. */
    ObjectNode environment(ObjectNode ofWeir) {
        ObjectNode environment = ownSteps.environment(trainer);
        ofWeir.properties().forEach(e -> environment.set(e.getKey(), e.getValue()));
        return environment;
    }

    /** How near a reproduction must come. */
    String promise() {
        return trainer.at("reproduce").map(ConfigNode::text).orElse("R0");
    }

    /** Whether the program sees other files: {@code directory} or {@code namespace}. */
    String isolation() {
        return trainer.at("isolation").map(ConfigNode::text).orElse("directory");
    }

    private Optional<ConfigNode> score() {
        return file.train().at("score");
    }

    private String model() {
        ConfigNode model = trainer.at("model").orElse(null);
        if (model == null) {
            return score().isPresent() ? USUAL_FOLDER : USUAL_MODEL;
        }
        OwnSteps.requireInside(model);
        return model.text();
    }

    private String format() {
        return trainer.at("format").map(ConfigNode::text).orElse("parquet");
    }

    /** The step, made of one that has the table, the parameters and the bounds. */
    Step step(Step bare) {
        Step step = bare.code(ownSteps.codeOf(trainer)).output("observed", "out/observed.json");
        Optional<ConfigNode> files = score().flatMap(score -> score.at("code"));
        if (files.isPresent()) {
            step =
                    step.input(
                            "scorer",
                            new Input.Given(
                                    Artifact.folder(ownSteps.stored(files.get().texts())),
                                    "in/scorer",
                                    "train.score.code"));
        }
        return step.kind(
                new OwnTrainKind(
                        command(bare.params().path("config")), model(), scorer(), format()));
    }

    /** Templates see the tables as inputs, the model as an output, and the parameters. */
    private CommandKind command(JsonNode config) {
        SortedMap<String, String> in = new TreeMap<>();
        for (String table : List.of("train", "holdout")) {
            in.put(table, OwnTrainKind.IN + "/" + table + "." + format());
        }
        in.put("params", OwnTrainKind.IN + "/params.json");
        in.put("signature", OwnTrainKind.IN + "/signature.json");
        SortedMap<String, String> out =
                new TreeMap<>(
                        Map.of(
                                "model", model(),
                                "metrics", OwnTrainKind.METRICS,
                                "checkpoint", OwnTrainKind.CHECKPOINT));
        SortedMap<String, String> variables = new TreeMap<>();
        in.forEach((name, path) -> variables.put("WEIR_" + upper(name), path));
        out.forEach((name, path) -> variables.put("WEIR_" + upper(name), path));
        variables.put("WEIR_PARAMS", CanonicalJson.text(config));
        variables.put("WEIR_PARAMS_FILE", OwnTrainKind.IN + "/params.json");
        variables.put("WEIR_SEED", config.path(SEED).asString("0"));
        trainer.at("env")
                .ifPresent(env -> env.entries().forEach((n, v) -> variables.put(n, v.text())));
        return ownSteps.command(
                new OwnSteps.Words(in, out, (ObjectNode) config),
                trainer.need("command"),
                variables,
                OwnSteps.alone(trainer));
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    private Optional<ScoreProgram> scorer() {
        return score().map(
                        score -> {
                            ConfigNode command = score.need("command");
                            OwnSteps.requireNoNotebook(command);
                            SortedMap<String, String> variables = new TreeMap<>();
                            score.at("env")
                                    .ifPresent(
                                            env ->
                                                    env.entries()
                                                            .forEach(
                                                                    (n, v) ->
                                                                            variables.put(
                                                                                    n, v.text())));
                            return new ScoreProgram(
                                    command.json().isArray()
                                            ? command.texts()
                                            : List.of("sh", "-c", "exec " + command.text()),
                                    variables,
                                    duration(score, "start", ScoreProgram.USUAL_START),
                                    duration(score, "timeout", ScoreProgram.USUAL_CALL),
                                    score.at("memory")
                                            .map(ConfigNode::sizeBytes)
                                            .orElse(ScoreProgram.USUAL_MEMORY_BYTES),
                                    score.at("parallel").map(n -> (int) n.whole()).orElse(1));
                        });
    }

    private static Duration duration(ConfigNode section, String key, Duration usual) {
        return section.at(key).map(ConfigNode::duration).orElse(usual);
    }
}
