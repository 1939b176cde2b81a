package dev.weir.ml.model;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.source.Sniffer;
import dev.weir.ml.data.source.Tables;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A stranger's table, read as a model takes it: what the model takes as text stays text, whatever
 * it looks like.
 *
 * @param parquet the rows
 * @param guesses one sentence for each thing that was guessed and might be wrong
 */
public record ModelTable(Path parquet, Schema schema, long rows, List<String> guesses) {
    private static final String SCORE = "score";
    private static final String DECISION = "decision";

    public ModelTable {
        guesses = List.copyOf(guesses);
    }

    /**
     * Reads a table.
     *
     * @param source how it is written, as far as that is known; with the key {@code file}
     * @param texts further columns that are read as text
     * @param into the file to write; not there yet
     * @throws dev.weir.base.problem.ProblemException where it cannot be read as a table
     */
    public static ModelTable read(
            DuckDb duckDb,
            List<Path> files,
            ObjectNode source,
            Signature signature,
            Set<String> texts,
            Path into) {
        Set<String> textual = new HashSet<>(texts);
        for (Input input : signature.inputs()) {
            if (!input.datatype().equals("FP64")) {
                textual.add(input.name());
            }
        }
        Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(files, source);
        Schema schema =
                new Schema(
                        sniffed.schema().columns().stream()
                                .map(
                                        column ->
                                                textual.contains(column.name())
                                                                && !dated(column.type())
                                                        ? new Column(
                                                                column.name(), ColumnType.VARCHAR)
                                                        : column)
                                .toList());
        Tables.Ingested table = new Tables(duckDb).ingest(files, sniffed.format(), schema, into);
        return new ModelTable(table.parquet(), table.schema(), table.rows(), sniffed.guesses());
    }

    private static boolean dated(ColumnType type) {
        return type == ColumnType.DATE || type == ColumnType.TIMESTAMP;
    }

    /**
     * What a model says of rows, as columns beside them: of two classes {@code score}, the
     * probability of the positive one, and {@code decision}; of many {@code decision} and {@code
     * p_LABEL} for each; of a regression {@code score}.
     *
     * @param scores rows x width of the signature, row by row
     * @param taken names of the columns that are there; a name that is taken gets an underscore
     */
    public static List<ColumnData> said(Signature signature, double[] scores, Set<String> taken) {
        Set<String> names = new HashSet<>(taken);
        int width = signature.width();
        int rows = scores.length / width;
        List<ColumnData> columns = new ArrayList<>();
        if (width == 1) {
            columns.add(single(free(SCORE, names), scores, 0, 1));
        }
        if (signature.classes() instanceof Signature.Classes classes) {
            String[] decisions =
                    IntStream.range(0, rows)
                            .mapToObj(
                                    row ->
                                            scores[row] >= classes.threshold()
                                                    ? classes.positive()
                                                    : classes.negative())
                            .toArray(String[]::new);
            columns.add(new ColumnData.Texts(free(DECISION, names), decisions));
        } else if (width > 1) {
            String[] decisions =
                    IntStream.range(0, rows)
                            .mapToObj(row -> signature.labels().get(largest(scores, row, width)))
                            .toArray(String[]::new);
            columns.add(new ColumnData.Texts(free(DECISION, names), decisions));
            for (int k = 0; k < width; k++) {
                columns.add(
                        single(free("p_" + signature.labels().get(k), names), scores, k, width));
            }
        }
        return columns;
    }

    /** In single precision, as models give them: no digits are shown that mean nothing. */
    private static ColumnData single(String name, double[] scores, int place, int width) {
        float[] narrow = new float[scores.length / width];
        for (int row = 0; row < narrow.length; row++) {
            narrow[row] = (float) scores[row * width + place];
        }
        return new ColumnData.Floats(name, narrow);
    }

    private static int largest(double[] scores, int row, int width) {
        int best = 0;
        for (int k = 1; k < width; k++) {
            best = scores[row * width + k] > scores[row * width + best] ? k : best;
        }
        return best;
    }

    private static String free(String name, Set<String> taken) {
        String free = name;
        while (!taken.add(free)) {
            free += "_";
        }
        return free;
    }

    /**
     * Scores the rows and writes them with what the model says beside them.
     *
     * @param to CSV where its name ends so, else Parquet
     */
    public void predict(Scorer scorer, DuckDb duckDb, Path to) {
        ColumnFiles files = new ColumnFiles(duckDb);
        Signature signature = scorer.signature();
        float[] narrow = scorer.score(Columns.read(files, parquet, signature));
        double[] scores = new double[narrow.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = narrow[i];
        }
        Path beside = duckDb.scratch().resolve("said.parquet");
        files.write(beside, said(signature, scores, new HashSet<>(schema.names())));
        new ParquetFiles(duckDb).sideBySide(parquet, beside, to);
    }
}
