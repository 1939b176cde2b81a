package dev.weir.ml.model;

import dev.weir.ml.data.DuckDb;
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
 * @param scores one for each row, in the order of the table
 * @param truth of a binary target 1 for the positive class, 0 for the negative one; of a regression
 *     the number; NaN where it is missing, or is no value that the model knows
 */
public record TableScores(float[] scores, double[] truth) {

    /**
     * Scores a Parquet file in one pass.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where a column that the model takes,
     *     or the target, is not there or has another type
     */
    public static TableScores of(Scorer scorer, Path parquet, DuckDb duckDb) {
        Signature signature = scorer.signature();
        List<FeatureColumn> features = new ArrayList<>();
        for (Input input : signature.inputs()) {
            features.add(
                    switch (input) {
                        case Input.Number number -> new FeatureColumn.Numeric(number.name());
                        case Input.Category(String name, List<String> categories) ->
                                new FeatureColumn.Categorical(name, categories);
                    });
        }
        Signature.Classes classes = signature.classes();
        FeatureColumn target =
                classes == null
                        ? new FeatureColumn.Numeric(signature.target())
                        : new FeatureColumn.Categorical(
                                signature.target(),
                                List.of(classes.negative(), classes.positive()));
        // Rows are hashed by the key: of the target alone, as nobody needs the hashes here.
        Matrix table =
                new MatrixReader(duckDb)
                        .read(parquet, features, target, List.of(signature.target()));
        return new TableScores(scorer.score(table.values()), table.target());
    }

    /** The rows whose truth is known. */
    public TableScores withTruth() {
        float[] knownScores = new float[scores.length];
        double[] knownTruth = new double[truth.length];
        int known = 0;
        for (int i = 0; i < truth.length; i++) {
            if (!Double.isNaN(truth[i])) {
                knownScores[known] = scores[i];
                knownTruth[known++] = truth[i];
            }
        }
        return new TableScores(Arrays.copyOf(knownScores, known), Arrays.copyOf(knownTruth, known));
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
