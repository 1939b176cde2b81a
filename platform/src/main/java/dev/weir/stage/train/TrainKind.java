package dev.weir.stage.train;

import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.stats.Task;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.ChildJvm;
import dev.weir.pipeline.StepKind;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The step that trains with a built-in trainer, in a child process. Inputs: {@code table}, a
 * Parquet file, and {@code holdout}, another, where the holdout is a file. Outputs: {@code model},
 * a model's folder, and {@code holdout}, the rows that were kept apart. Evidence: the trainer's
 * report.
 *
 * <p>Parameters: {@code target} (column, positive, task), {@code key}, {@code time}, {@code
 * exclude}, {@code text}, {@code weight}, {@code trainer}, {@code config} (complete
 * hyper-parameters), {@code holdout} (fraction, after, or file).
 *
 * @param libraries a folder with {@code lib/*.jar} and {@code native/} to train with, where it is
 *     not the one that this process runs from: an older Weir's, out of a recipe
 */
public record TrainKind(Optional<Path> libraries) implements StepKind {
    private static final String OUT = "out";

    @Override
    public String id() {
        return "train/2";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) throws InterruptedException {
        try {
            Path scratch = Files.createDirectories(attempt.directory().resolve("scratch"));
            TrainJob job = job(attempt, scratch);
            Path file = attempt.directory().resolve("job.json");
            job.write(file);
            int exit =
                    attempt.run(
                            TrainerChild.command(file, scratch, job.memoryBytes(), libraries),
                            ChildJvm.environment(job.parameters().threads()));
            TrainerChild.interpret(exit, job);
            return JsonTree.read(Files.readAllBytes(job.output().resolve(TrainerProcess.REPORT)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TrainJob job(Attempt attempt, Path scratch) {
        ObjectNode params = attempt.params();
        Trainer trainer = Trainer.named(params.path("trainer").stringValue()).orElseThrow();
        return job(attempt, scratch, trainer, params.path("config"));
    }

    /** What the parameters of a step say of the table, for a trainer and its parameters. */
    static TrainJob job(Attempt attempt, Path scratch, Trainer trainer, JsonNode config) {
        ObjectNode params = attempt.params();
        Path table = attempt.input("table");
        ParquetFiles files = new ParquetFiles(new DuckDb(scratch, 1));
        Schema schema = files.schema(table);
        JsonNode target = params.path("target");
        String column = target.path("column").stringValue();
        Optional<String> positive = target.path("positive").stringValueOpt();
        Task task =
                Task.named(target.path("task").stringValue(""))
                        .orElseGet(() -> task(files, table, schema, column));
        return new TrainJob(
                table,
                features(schema, column, params),
                column,
                positive.orElse(null),
                task,
                params.path("weight").stringValueOpt(),
                TrainerParameters.of(trainer, config, task),
                holdout(attempt, params),
                scratch,
                attempt.directory().resolve(OUT),
                attempt.resources().memoryBytes());
    }

    /** Two values: binary; else a number: regression; else multiclass. */
    private static Task task(ParquetFiles files, Path table, Schema schema, String target) {
        Column column =
                schema.column(target)
                        .orElseThrow(
                                () ->
                                        Problem.input(
                                                        "target.missing",
                                                        "target.column: no column is called "
                                                                + target)
                                                .hint(DidYouMean.hint(target, schema.names()))
                                                .exception());
        int values = files.categories(table, target).size();
        if (values <= 2) {
            return Task.BINARY;
        }
        return column.type().numeric() ? Task.REGRESSION : Task.MULTICLASS;
    }

    private static List<Feature> features(Schema schema, String target, ObjectNode params) {
        Set<String> out = new HashSet<>(columns(schema, params, "exclude", "features.exclude"));
        Set<String> texts = new HashSet<>(columns(schema, params, "text", "features.text"));
        out.addAll(columns(schema, params, "weight", "train.weight"));
        out.add(target);
        out.addAll(texts(params.path("key")));
        params.path("time").stringValueOpt().ifPresent(out::add);
        List<Feature> features = new ArrayList<>();
        for (Column column : schema.columns()) {
            if (!out.contains(column.name())) {
                boolean number = column.type().numeric() || column.type() == ColumnType.BOOLEAN;
                features.add(
                        texts.contains(column.name())
                                ? Feature.text(column.name())
                                : number
                                        ? Feature.number(column.name())
                                        : Feature.category(column.name()));
            }
        }
        return features;
    }

    /** The columns that a parameter names, each of which the table must have. */
    private static List<String> columns(
            Schema schema, ObjectNode params, String parameter, String said) {
        JsonNode given = params.path(parameter);
        List<String> names = given.isString() ? List.of(given.stringValue()) : texts(given);
        for (String name : names) {
            if (schema.column(name).isEmpty()) {
                throw Problem.input(said, said + ": no column is called " + name)
                        .hint(DidYouMean.hint(name, schema.names()))
                        .exception();
            }
        }
        return names;
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::stringValue).toList();
    }

    private static Holdout holdout(Attempt attempt, ObjectNode params) {
        JsonNode holdout = params.path("holdout");
        if (holdout.has("file")) {
            return new Holdout.File(attempt.input("holdout"));
        }
        if (holdout.has("after")) {
            return new Holdout.After(
                    params.path("time").stringValue(), holdout.path("after").stringValue());
        }
        return new Holdout.Fraction(
                holdout.path("fraction").doubleValue(), texts(params.path("key")));
    }
}
