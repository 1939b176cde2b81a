package dev.weir.stage.train;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.stats.Task;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** How much each row counts in a fit: a column's value, times what makes up for rare classes. */
final class RowWeights {
    private RowWeights() {}

    /**
     * The weights of the rows to train on; empty where all weigh the same.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) for a weight that is missing, negative
     *     or infinite, and where all are 0
     */
    static float[] of(TrainJob job, DuckDb duckDb, BitSet trained, float[] labels) {
        boolean balanced = job.parameters().balanced() && job.task() != Task.REGRESSION;
        if (job.weight().isEmpty() && !balanced) {
            return new float[0];
        }
        double[] weights = new double[labels.length];
        Arrays.fill(weights, 1);
        job.weight().ifPresent(column -> read(job, duckDb, column, trained, weights));
        if (balanced) {
            balance(labels, weights);
        }
        float[] narrow = new float[weights.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) weights[i];
        }
        return narrow;
    }

    private static void read(
            TrainJob job, DuckDb duckDb, String column, BitSet trained, double[] weights) {
        double[] values =
                new ColumnFiles(duckDb).doubles(job.table(), List.of(column)).getFirst().values();
        int at = 0;
        double sum = 0;
        for (int row = trained.nextSetBit(0); row >= 0; row = trained.nextSetBit(row + 1)) {
            double value = values[row];
            if (!(value >= 0 && value <= Float.MAX_VALUE)) {
                throw Problem.input(
                                "train.weight",
                                "train.weight: "
                                        + column
                                        + " of row "
                                        + (row + 1)
                                        + " is "
                                        + (Double.isNaN(value) ? "missing" : value)
                                        + " (expected: 0 or more, finite)")
                        .exception();
            }
            weights[at++] = value;
            sum += value;
        }
        if (sum == 0) {
            throw Problem.input(
                            "train.weight",
                            "train.weight: every "
                                    + column
                                    + " is 0 (expected: some rows that count)")
                    .exception();
        }
    }

    /** Each class weighs the same in all: rows / (classes x rows of the class). */
    private static void balance(float[] labels, double[] weights) {
        int classes = 2;
        for (float label : labels) {
            classes = Math.max(classes, (int) label + 1);
        }
        int[] rows = new int[classes];
        for (float label : labels) {
            rows[(int) label]++;
        }
        for (int i = 0; i < labels.length; i++) {
            weights[i] *= (double) labels.length / ((double) classes * rows[(int) labels[i]]);
        }
    }
}
