package dev.weir.stage.validate;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.model.TableScores;
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
 * {@code {"task","rows","without_truth","metrics":{}}}.
 */
public record ScoreKind() implements StepKind {
    private static final int THREADS = 2;

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
        DuckDb duckDb = new DuckDb(attempt.directory(), THREADS);
        try (Scorer scorer = Scorer.open(ModelFolder.read(attempt.input("model")))) {
            TableScores all = TableScores.of(scorer, attempt.input("rows"), duckDb);
            TableScores rows = all.withTruth();
            double[] scores = rows.doubles();
            Metrics metrics = measure(scorer.signature(), scores, rows.truth());
            new ColumnFiles(duckDb)
                    .write(
                            attempt.output("predictions"),
                            List.of(
                                    new ColumnData.Doubles("truth", all.truth()),
                                    new ColumnData.Doubles("score", all.doubles())));
            ObjectNode evidence = JsonNodeFactory.instance.objectNode();
            evidence.put("task", scorer.signature().task().text());
            evidence.put("rows", scores.length);
            evidence.put("without_truth", all.truth().length - scores.length);
            evidence.set("metrics", metrics.json());
            return evidence;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The metrics of a model's task. */
    static Metrics measure(Signature signature, double[] scores, double[] truth) {
        Signature.Classes classes = signature.classes();
        return classes == null
                ? RegressionMetrics.of(scores, truth, null)
                : BinaryMetrics.of(scores, positives(truth), null, classes.threshold());
    }

    /** Truths of two classes as {@code predictions} has them. */
    static boolean[] positives(double[] truth) {
        boolean[] positive = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
            positive[i] = truth[i] == 1;
        }
        return positive;
    }
}
