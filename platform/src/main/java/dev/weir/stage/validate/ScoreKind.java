package dev.weir.stage.validate;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.ScoreCheck;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.TableScores;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.Task;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Scores a table with a model and measures how good the scores are. Inputs: {@code model}, a
 * model's folder; {@code rows}, a Parquet file with the target. Output: {@code predictions}, a
 * Parquet file, see {@link Predictions}. Evidence: {@code
 * {"task","rows","without_truth","unknown_classes":{},"metrics":{}}}; of many classes the fourth
 * counts the rows of each that the model was not trained on, and that nothing measures.
 */
public record ScoreKind() implements StepKind {
    private static final int THREADS = 2;

    @Override
    public String id() {
        return "score/2";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) {
        DuckDb duckDb = new DuckDb(attempt.directory(), THREADS);
        try (Scorer scorer =
                Scorer.open(ModelFolder.read(attempt.input("model")), attempt.directory())) {
            TableScores said = TableScores.of(scorer, attempt.input("rows"), duckDb);
            ScoreCheck.require(scorer.signature(), said.scores());
            Predictions all = new Predictions(scorer.signature(), said.truth(), said.doubles());
            int[] known = all.known();
            Metrics metrics = all.pick(known).metrics();
            ColumnFiles files = new ColumnFiles(duckDb);
            all.write(files, attempt.output("predictions"));
            ObjectNode evidence = JsonNodeFactory.instance.objectNode();
            evidence.put("task", scorer.signature().task().text());
            evidence.put("rows", known.length);
            ObjectNode unknown = unknownClasses(files, attempt, all);
            int unknownRows = unknown.values().stream().mapToInt(JsonNode::intValue).sum();
            evidence.put("without_truth", all.rows() - known.length - unknownRows);
            if (!unknown.isEmpty()) {
                evidence.set("unknown_classes", unknown);
            }
            evidence.set("metrics", metrics.json());
            return evidence;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows of classes that the model does not know, by class; of three classes and more. */
    private static ObjectNode unknownClasses(
            ColumnFiles files, Attempt attempt, Predictions predictions) {
        SortedMap<String, Integer> unknown = new TreeMap<>();
        if (predictions.signature().task() == Task.MULTICLASS
                && predictions.known().length < predictions.rows()) {
            List<String> target = List.of(predictions.signature().target());
            @Nullable String[] values =
                    files.texts(attempt.input("rows"), target).getFirst().values();
            for (int row = 0; row < values.length; row++) {
                String value = values[row];
                if (value != null && Double.isNaN(predictions.truth()[row])) {
                    unknown.merge(value, 1, Integer::sum);
                }
            }
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        unknown.forEach(json::put);
        return json;
    }
}
