package dev.weir.stage.validate;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.TableScores;
import dev.weir.ml.stats.Metrics;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;

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
            TableScores said = TableScores.of(scorer, attempt.input("rows"), duckDb);
            Predictions all = new Predictions(scorer.signature(), said.truth(), said.doubles());
            int[] known = all.known();
            Metrics metrics = all.pick(known).metrics();
            all.write(new ColumnFiles(duckDb), attempt.output("predictions"));
            ObjectNode evidence = JsonNodeFactory.instance.objectNode();
            evidence.put("task", scorer.signature().task().text());
            evidence.put("rows", known.length);
            evidence.put("without_truth", all.rows() - known.length);
            evidence.set("metrics", metrics.json());
            return evidence;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
