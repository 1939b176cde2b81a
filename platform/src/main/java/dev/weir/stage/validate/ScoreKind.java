package dev.weir.stage.validate;

import dev.weir.ml.data.ColumnData;
import dev.weir.ml.data.ColumnFiles;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.Columns;
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
import java.nio.file.Path;
import java.util.List;

/**
 * Scores a table with a model and measures how good the scores are. Inputs: {@code model}, a
 * model's folder; {@code rows}, a Parquet file with the target. Output: {@code predictions}, a
 * Parquet file with {@code truth} (1 and 0 of two classes) and {@code score}, row by row. Evidence:
 * {@code {"task","rows","metrics":{}}}.
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
        ColumnFiles files = new ColumnFiles(new DuckDb(attempt.directory(), THREADS));
        Path rows = attempt.input("rows");
        try (Scorer scorer = Scorer.open(ModelFolder.read(attempt.input("model")))) {
            Signature signature = scorer.signature();
            Columns inputs = HeldOut.inputs(files, rows, signature);
            double[] scores = doubles(scorer.score(inputs));
            double[] truth = new double[scores.length];
            Metrics metrics = measure(files, rows, signature, scores, truth);
            files.write(
                    attempt.output("predictions"),
                    List.of(
                            new ColumnData.Doubles("truth", truth),
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

    private static Metrics measure(
            ColumnFiles files, Path rows, Signature signature, double[] scores, double[] truth) {
        Signature.Classes classes = signature.classes();
        if (classes == null) {
            double[] values = HeldOut.values(files, rows, signature);
            System.arraycopy(values, 0, truth, 0, values.length);
            return RegressionMetrics.of(scores, values, null);
        }
        boolean[] positive = HeldOut.positives(files, rows, signature);
        for (int i = 0; i < positive.length; i++) {
            truth[i] = positive[i] ? 1 : 0;
        }
        return BinaryMetrics.of(scores, positive, null, classes.threshold());
    }

    private static double[] doubles(float[] scores) {
        double[] wide = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            wide[i] = scores[i];
        }
        return wide;
    }
}
