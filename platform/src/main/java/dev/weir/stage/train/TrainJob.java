package dev.weir.stage.train;

import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Problem;
import dev.weir.ml.stats.Task;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that a trainer process is told. Written as a JSON file, and read by {@link TrainerProcess}.
 * The paths are where things lie; they decide nothing about the model.
 *
 * @param table the rows, a Parquet file
 * @param features the columns to look at, in the order of the table; at least one
 * @param target the column to predict
 * @param positive of a binary target, the value whose probability is predicted, as text; null for
 *     the greater of both
 * @param weight the column that says how much each row counts, where there is one
 * @param parameters complete, with seed and threads, and the trainer that they are of
 * @param scratch a folder for temporary files
 * @param output a folder for what the trainer makes
 * @param memoryBytes what the process may use in all
 */
public record TrainJob(
        Path table,
        List<Feature> features,
        String target,
        @Nullable String positive,
        Task task,
        Optional<String> weight,
        TrainerParameters parameters,
        Holdout holdout,
        Path scratch,
        Path output,
        long memoryBytes) {

    public TrainJob {
        features = List.copyOf(features);
    }

    /** Writes the job file. */
    public void write(Path file) throws IOException {
        Files.writeString(file, json().toString());
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("table", table.toString());
        ArrayNode featureNodes = json.putArray("features");
        for (Feature feature : features) {
            ObjectNode node = featureNodes.addObject();
            node.put("name", feature.name()).put("kind", feature.kind().name());
            feature.categories()
                    .ifPresent(known -> known.forEach(node.putArray("categories")::add));
        }
        json.put("target", target);
        if (positive != null) {
            json.put("positive", positive);
        }
        json.put("task", task.text());
        weight.ifPresent(column -> json.put("weight", column));
        json.put("trainer", parameters.trainer().text());
        json.set("parameters", parameters.values());
        ObjectNode rows = json.putObject("holdout");
        switch (holdout) {
            case Holdout.Fraction(double fraction, List<String> key) -> {
                rows.put("fraction", fraction);
                key.forEach(rows.putArray("key")::add);
            }
            case Holdout.After(String time, String moment) ->
                    rows.put("time", time).put("after", moment);
            case Holdout.File(Path parquet) -> rows.put("file", parquet.toString());
        }
        json.put("scratch", scratch.toString());
        json.put("output", output.toString());
        json.put("memoryBytes", memoryBytes);
        return json;
    }

    /**
     * Reads a job file.
     *
     * @throws dev.weir.base.problem.ProblemException (DEFECT) for anything that {@link #write} did
     *     not write: a program, not a person, writes job files
     */
    public static TrainJob read(Path file) throws IOException {
        try {
            JsonNode json = JsonTree.read(Files.readAllBytes(file));
            Task task = Task.named(text(json, "task")).orElseThrow();
            return new TrainJob(
                    Path.of(text(json, "table")),
                    features(json.required("features")),
                    text(json, "target"),
                    json.path("positive").asStringOpt().orElse(null),
                    task,
                    json.path("weight").stringValueOpt(),
                    TrainerParameters.of(
                            Trainer.named(text(json, "trainer")).orElseThrow(),
                            json.required("parameters"),
                            task),
                    holdout(json.required("holdout")),
                    Path.of(text(json, "scratch")),
                    Path.of(text(json, "output")),
                    json.required("memoryBytes").longValue());
        } catch (JacksonException | IllegalArgumentException | java.util.NoSuchElementException e) {
            throw Problem.defect("train.job", file + ": no job of a trainer: " + e.getMessage())
                    .exception(e);
        }
    }

    private static List<Feature> features(JsonNode nodes) {
        List<Feature> features = new ArrayList<>();
        for (JsonNode node : nodes) {
            features.add(
                    new Feature(
                            text(node, "name"),
                            Feature.Kind.valueOf(text(node, "kind")),
                            Optional.ofNullable(node.get("categories")).map(TrainJob::texts)));
        }
        return features;
    }

    private static Holdout holdout(JsonNode node) {
        if (node.has("fraction")) {
            return new Holdout.Fraction(
                    node.required("fraction").doubleValue(), texts(node.required("key")));
        }
        return node.has("file")
                ? new Holdout.File(Path.of(text(node, "file")))
                : new Holdout.After(text(node, "time"), text(node, "after"));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.stringValue()));
        return texts;
    }

    private static String text(JsonNode node, String name) {
        return node.required(name).stringValue();
    }
}
