package dev.weir.stage.train;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.ScoreProgram;
import dev.weir.ml.model.Signature;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.CommandKind;
import dev.weir.pipeline.StepKind;
import dev.weir.stage.train.parameter.Trainer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The step that trains with a program of the team's own. It is started as any program of theirs, in
 * a directory with {@code in/train.FORMAT} and {@code in/holdout.FORMAT}, split as the built-in
 * trainers split, {@code in/params.json}, {@code in/signature.json} (what a model of all columns
 * takes and gives) and {@code checkpoint/}, which the next attempt of the same key finds as this
 * one left it. What it leaves at {@code model} becomes the model's folder.
 *
 * <p>Inputs, outputs and parameters as of {@link TrainKind}; further the input {@code scorer}, a
 * folder of files that the model needs to answer, and the output {@code observed}, see {@link
 * ObservedProgram}.
 *
 * @param program what is run
 * @param model where it writes, relative to its directory
 * @param scorer how the model is asked, where it is a program and no graph
 * @param format of the tables: {@code parquet} or {@code csv}
 */
public record OwnTrainKind(
        CommandKind program, String model, Optional<ScoreProgram> scorer, String format)
        implements StepKind {
    /** Where the tables lie, in the directory of the attempt. */
    public static final String IN = "in";

    /** Where checkpoints are, in the directory of the attempt. */
    public static final String CHECKPOINT = "checkpoint";

    /** Where metrics are written to, in the directory of the attempt. */
    public static final String METRICS = "out/metrics.jsonl";

    private static final String SCRATCH = "scratch";

    @Override
    public String id() {
        return "own-train/1";
    }

    @Override
    public String command() {
        return program.command()
                + "model="
                + model
                + "\nformat="
                + format
                + "\nscorer="
                + scorer.map(each -> CanonicalJson.text(each.json())).orElse("");
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) throws InterruptedException {
        try {
            return trained(attempt);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode trained(Attempt attempt) throws IOException, InterruptedException {
        Path directory = attempt.directory();
        Path scratch = Files.createDirectories(directory.resolve(SCRATCH));
        Path in = Files.createDirectories(directory.resolve(IN));
        DuckDb duckDb = new DuckDb(scratch, 1);
        TrainJob job =
                TrainKind.job(
                        attempt, scratch, Trainer.LINEAR, JsonNodeFactory.instance.objectNode());
        Schema schema = new ParquetFiles(duckDb).schema(job.table());
        Set<String> hidden = new HashSet<>();
        attempt.params().path("exclude").forEach(name -> hidden.add(name.stringValue()));
        OwnTable table = OwnTable.write(job, OwnTable.visible(schema, hidden), duckDb, format, in);
        Files.write(
                in.resolve("params.json"), CanonicalJson.bytes(attempt.params().path("config")));
        Files.write(in.resolve("signature.json"), table.signature().bytes());
        Files.createSymbolicLink(directory.resolve(CHECKPOINT), attempt.kept().toAbsolutePath());
        Set<String> neighbours = neighbours(directory);
        program.run(attempt);
        ObjectNode evidence = JsonNodeFactory.instance.objectNode();
        ArrayNode notes = evidence.putArray("notes");
        if (attempt.endStragglers()) {
            notes.add("the program ended, but something that it started stayed; it was ended too");
        }
        requireNothingOutside(directory, neighbours);
        Path out = Files.createDirectories(directory.resolve("out"));
        Path holdout = attempt.output("holdout");
        table.writeHoldout(duckDb, holdout);
        Signature signature =
                new OwnModel(
                                directory,
                                model,
                                scorer,
                                attempt.hasInput("scorer")
                                        ? Optional.of(attempt.input("scorer"))
                                        : Optional.empty())
                        .collect(
                                table.signature(),
                                schema,
                                holdout,
                                duckDb,
                                attempt.output("model"));
        LoggedMetrics metrics = LoggedMetrics.read(directory.resolve(METRICS));
        metrics.twice().forEach(notes::add);
        notes.forEach(note -> attempt.log(note.stringValue()));
        ObjectNode observed = ObservedProgram.of(attempt, program.argv(), scratch);
        Files.write(attempt.output("observed"), CanonicalJson.bytes(observed));
        evidence.set("logged", metrics.values());
        return report(evidence, table, signature, observed, attempt);
    }

    private static ObjectNode report(
            ObjectNode json,
            OwnTable table,
            Signature signature,
            ObjectNode observed,
            Attempt attempt) {
        json.put("trainer", "own");
        json.put("task", signature.task().text()).put("target", signature.target());
        Signature.Classes classes = signature.classes();
        if (classes != null) {
            json.put("positive", classes.positive()).put("negative", classes.negative());
        }
        TrainingData.Counts counts = table.rows().counts();
        json.putObject("rows")
                .put("table", counts.table())
                .put("trained", counts.trained())
                .put("held_out", counts.heldOut())
                .put("without_target", counts.withoutTarget())
                .put("without_time", counts.withoutTime());
        ArrayNode features = json.putArray("features");
        signature.inputs().stream().map(Input::name).forEach(features::add);
        ArrayNode leftOut = json.putArray("left_out");
        table.leftOut()
                .forEach(
                        each ->
                                leftOut.addObject()
                                        .put("column", each.column())
                                        .put("reason", each.reason()));
        json.set("parameters", attempt.params().path("config"));
        json.set("environment", observed);
        return json;
    }

    /** What lies beside the directory, but for those of other attempts. */
    private static Set<String> neighbours(Path directory) throws IOException {
        Path above = directory.toAbsolutePath().getParent();
        Set<String> names = new TreeSet<>();
        if (above != null) {
            try (Stream<Path> files = Files.list(above)) {
                files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> !name.matches("[0-9a-f]{32}|[a-z]+-.*"))
                        .forEach(names::add);
            }
        }
        return names;
    }

    /**
     * Without a namespace nothing keeps a program from writing elsewhere; what it leaves right
     * beside its directory, as one does by mistake, is found, and deleted: that folder is Weir's.
     */
    private static void requireNothingOutside(Path directory, Set<String> before)
            throws IOException {
        Set<String> now = neighbours(directory);
        now.removeAll(before);
        Path above = directory.toAbsolutePath().getParent();
        if (!now.isEmpty() && above != null) {
            for (String name : now) {
                Path stray = above.resolve(name);
                if (Files.isRegularFile(stray)) {
                    Files.delete(stray);
                }
            }
            throw Problem.step(
                            "train.outside",
                            "the trainer wrote outside its directory: ../" + now.iterator().next())
                    .hint(
                            "Write below the directory that it is started in; isolation: namespace"
                                    + " shows it no other.")
                    .exception();
        }
    }
}
