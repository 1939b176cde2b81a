package dev.weir.stage.validate;

import dev.weir.ml.data.ColumnData;
import dev.weir.ml.data.ColumnFiles;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.RegressionMetrics;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Scores a table with a model and measures how good the scores are. Inputs: {@code model}, a
 * model's folder; {@code rows}, a Parquet file with the target. Output: {@code predictions}, a
 * Parquet file with {@code truth} (1 and 0 of two classes) and {@code score}, row by row. Evidence:
 * {@code {"task","rows","metrics":{}}}.
 */
public record ScoreKind() implements StepKind {
    @Override
    public String id() {
        return "score/1";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) {
        try (Scorer scorer = Scorer.open(ModelFolder.read(attempt.input("model")))) {
            Signature signature = scorer.signature();
            HeldOutRows rows =
                    HeldOutRows.read(attempt.input("rows"), attempt.directory(), signature);
            double[] scores = HeldOutRows.scores(scorer, rows);
            Metrics metrics = measure(signature, rows, scores);
            new ColumnFiles(new DuckDb(attempt.directory(), 1))
                    .write(
                            attempt.output("predictions"),
                            List.of(
                                    new ColumnData.Doubles("truth", rows.truth()),
                                    new ColumnData.Doubles("score", scores)));
            ObjectNode evidence = JsonNodeFactory.instance.objectNode();
            evidence.put("task", signature.task().text());
            evidence.put("rows", scores.length);
            evidence.set("metrics", metrics.json());
            return evidence;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Metrics measure(Signature signature, HeldOutRows rows, double[] scores) {
        Signature.Classes classes = signature.classes();
        return classes == null
                ? RegressionMetrics.of(scores, rows.truth(), null)
                : BinaryMetrics.of(scores, rows.positives(), null, classes.threshold());
    }
}
