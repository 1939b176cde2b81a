package dev.weir.stage.validate;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.ModelTable;
import dev.weir.ml.model.Signature;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lays what a model says beside the rows, for programs of the team's own: all columns of the
 * held-out rows, then what {@link ModelTable#said} names. Inputs: {@code model}, {@code rows},
 * {@code predictions}. Output: {@code table}, as CSV or Parquet by its ending.
 */
public record TableKind() implements StepKind {
    @Override
    public String id() {
        return "predictions-table/1";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) {
        DuckDb duckDb = new DuckDb(attempt.directory(), 1);
        ColumnFiles files = new ColumnFiles(duckDb);
        ParquetFiles parquet = new ParquetFiles(duckDb);
        try {
            Signature signature = ModelFolder.signature(attempt.input("model"));
            Predictions said = Predictions.read(files, attempt.input("predictions"), signature);
            Path rows = attempt.input("rows");
            Set<String> taken = new HashSet<>(parquet.schema(rows).names());
            List<ColumnData> columns = ModelTable.said(signature, said.scores(), taken);
            Path beside = attempt.directory().resolve("said.parquet");
            files.write(beside, columns);
            parquet.sideBySide(rows, beside, attempt.output("table"));
            return JsonNodeFactory.instance.objectNode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
