package dev.weir.stage.train;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.matrix.MatrixReader;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Which rows another model was not trained on. Inputs: {@code rows}, to look at; {@code table}, the
 * one that the other model was made of. Output: {@code unseen}, a Parquet file with a column of
 * this name, row by row: 1 where the other model did not see the row, 0 where it did. Evidence:
 * {@code {"rows","seen","by":[]}}.
 *
 * <p>Parameters: {@code holdout}, {@code key} and {@code time} as the other model's training had
 * them. A row is known by its key, where the other model's table had one, and else by the values of
 * all columns that both tables have: compared by 64 bits of hash, so that of n rows against m one
 * is taken for seen by mistake with a chance of about n · m / 2^64.
 */
public record UnseenKind() implements StepKind {
    /** The output, and its one column. */
    public static final String UNSEEN = "unseen";

    @Override
    public String id() {
        return "unseen/1";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) {
        DuckDb duckDb = new DuckDb(attempt.directory(), 1);
        ParquetFiles files = new ParquetFiles(duckDb);
        MatrixReader reader = new MatrixReader(duckDb);
        Path rows = attempt.input("rows");
        Path table = attempt.input("table");
        List<String> by =
                identity(
                        files.schema(rows),
                        files.schema(table),
                        TrainKind.texts(attempt.params().path("key")));
        long[] looked = reader.hashes(rows, by);
        double[] unseen = new double[looked.length];
        Arrays.fill(unseen, 1);
        if (!by.isEmpty()) {
            long[] trained =
                    trained(reader.hashes(table, by), Split.of(duckDb, table, attempt.params()));
            for (int i = 0; i < looked.length; i++) {
                unseen[i] = Arrays.binarySearch(trained, looked[i]) >= 0 ? 0 : 1;
            }
        }
        new ColumnFiles(duckDb)
                .write(attempt.output(UNSEEN), List.of(new ColumnData.Doubles(UNSEEN, unseen)));
        ObjectNode evidence = JsonNodeFactory.instance.objectNode();
        evidence.put("rows", looked.length);
        evidence.put("seen", looked.length - (int) Arrays.stream(unseen).sum());
        ArrayNode names = evidence.putArray("by");
        by.forEach(names::add);
        return evidence;
    }

    /** The columns by which a row is known. */
    private static List<String> identity(Schema rows, Schema table, List<String> key) {
        if (!key.isEmpty() && rows.names().containsAll(key)) {
            return key;
        }
        return table.names().stream().filter(rows.names()::contains).toList();
    }

    private static long[] trained(long[] hashes, Split split) {
        return split.trained().stream().mapToLong(row -> hashes[row]).sorted().toArray();
    }
}
