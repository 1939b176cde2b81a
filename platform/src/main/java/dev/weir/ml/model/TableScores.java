package dev.weir.ml.model;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.matrix.FeatureColumn;
import dev.weir.ml.data.matrix.Matrix;
import dev.weir.ml.data.matrix.MatrixReader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model says of the rows of a table, beside what was true.
 *
 * @param scores rows x width, row by row, in the order of the table
 * @param truth of a binary target 1 for the positive class, 0 for the negative one; of many classes
 *     the place in the signature's labels; of a regression the number; NaN where it is missing, or
 *     is no value that the model knows
 * @param width how many scores a row has
 */
public record TableScores(float[] scores, double[] truth, int width) {

    /**
     * Scores a Parquet file in one pass.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where a column that the model takes,
     *     or the target, is not there or has another type
     */
    public static TableScores of(Scorer scorer, Path parquet, DuckDb duckDb) {
        Signature signature = scorer.signature();
        List<FeatureColumn> features = new ArrayList<>();
        if (signature.plain()) {
            for (Input input : signature.inputs()) {
                features.add(
                        input instanceof Input.Category category
                                ? new FeatureColumn.Categorical(
                                        category.name(), category.categories())
                                : new FeatureColumn.Numeric(input.name()));
            }
        }
        Signature.Classes classes = signature.classes();
        List<String> labels =
                classes == null
                        ? signature.labels()
                        : List.of(classes.negative(), classes.positive());
        FeatureColumn target =
                labels.isEmpty()
                        ? new FeatureColumn.Numeric(signature.target())
                        : new FeatureColumn.Categorical(signature.target(), labels);
        // Rows are hashed by the key: of the target alone, as nobody needs the hashes here.
        Matrix table =
                new MatrixReader(duckDb)
                        .read(parquet, features, target, List.of(signature.target()));
        float[] scores =
                signature.plain() && scorer instanceof OnnxScorer onnx
                        ? onnx.score(table.values())
                        : scorer.score(Columns.read(new ColumnFiles(duckDb), parquet, signature));
        return new TableScores(scores, table.target(), signature.width());
    }

    /** The rows whose truth is known. */
    public TableScores withTruth() {
        float[] knownScores = new float[scores.length];
        double[] knownTruth = new double[truth.length];
        int known = 0;
        for (int i = 0; i < truth.length; i++) {
            if (!Double.isNaN(truth[i])) {
                System.arraycopy(scores, i * width, knownScores, known * width, width);
                knownTruth[known++] = truth[i];
            }
        }
        return new TableScores(
                Arrays.copyOf(knownScores, known * width), Arrays.copyOf(knownTruth, known), width);
    }

    /** The scores in double precision. */
    public double[] doubles() {
        double[] wide = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            wide[i] = scores[i];
        }
        return wide;
    }
}
