package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.model.TableScores;
import dev.weir.ml.stats.Task;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * How far two models of other bytes are the same, on the same rows.
 *
 * @param note what was measured
 */
record Sameness(Level level, String note) {
    private static final double SAME_SCORE = 1e-6;
    private static final double SAME_DECISION = 1e-3;
    private static final double BAND = 1e-5;

    /**
     * Compares.
     *
     * @param rows the held-out rows, a Parquet file of the store
     * @param parts of the rows that have to agree by themselves too
     * @param seeds models of the same training with other seeds; asked for only where predictions
     *     and decisions differ; none where chance has no part in it
     */
    static Sameness of(
            Home home,
            ModelFolder registered,
            ModelFolder made,
            Digest rows,
            SlicesOfRows parts,
            Supplier<List<ModelFolder>> seeds) {
        Path table =
                home.blobs()
                        .localPath(rows)
                        .orElseThrow(
                                () ->
                                        Problem.step("store.missing", "blob " + rows + " is gone")
                                                .exception());
        Signature signature = registered.signature();
        if (!signature.target().equals(made.signature().target())
                || signature.task() != made.signature().task()) {
            return new Sameness(Level.R4, "it predicts something else");
        }
        if (!signature.labels().equals(made.signature().labels())) {
            return new Sameness(Level.R4, "it knows other classes");
        }
        DuckDb duckDb = new DuckDb(home.root().resolve("work"), 1);
        TableScores then = scores(registered, table, duckDb);
        return compare(
                signature,
                then.withTruth().truth(),
                then.withTruth().doubles(),
                scores(made, table, duckDb).withTruth().doubles(),
                () -> parts.of(new ColumnFiles(duckDb), table, then.truth()),
                () ->
                        seeds.get().stream()
                                .map(seed -> scores(seed, table, duckDb).withTruth().doubles())
                                .toList());
    }

    private static TableScores scores(ModelFolder model, Path table, DuckDb duckDb) {
        try (Scorer scorer = Scorer.open(model, duckDb.scratch())) {
            return TableScores.of(scorer, table, duckDb);
        }
    }

    static Sameness compare(Signature signature, double[] truth, double[] then, double[] now) {
        return compare(signature, truth, then, now, List::of, List::of);
    }

    /** The same of scores on rows whose truth is known, each rows x width of the signature. */
    static Sameness compare(
            Signature signature,
            double[] truth,
            double[] then,
            double[] now,
            Supplier<List<SlicesOfRows.Slice>> slices,
            Supplier<List<double[]>> seeds) {
        double unit = signature.task() == Task.REGRESSION ? spread(truth) : 1;
        double largest = 0;
        int flips = 0;
        Signature.Classes classes = signature.classes();
        for (int i = 0; i < then.length; i++) {
            largest = Math.max(largest, Math.abs(then[i] - now[i]) / unit);
            if (classes != null
                    && Math.abs(then[i] - classes.threshold()) >= BAND
                    && then[i] >= classes.threshold() != now[i] >= classes.threshold()) {
                flips++;
            }
        }
        int width = signature.width();
        for (int row = 0; width > 1 && row < truth.length; row++) {
            int before = first(then, row * width, width);
            int after = first(now, row * width, width);
            flips += then[row * width + before] - then[row * width + after] >= BAND ? 1 : 0;
        }
        String measured =
                "the largest difference of a score is %.3g, %d decisions differ in %d rows"
                        .formatted(largest, flips, truth.length);
        if (largest <= SAME_SCORE) {
            return new Sameness(Level.R1, measured);
        }
        if (largest <= SAME_DECISION && flips == 0) {
            return new Sameness(Level.R2, measured);
        }
        MetricBand.Answer metric =
                new MetricBand(signature, truth, then, now, seeds.get()).judge(slices.get());
        return new Sameness(
                metric.inside() ? Level.R3 : Level.R4, measured + "; " + metric.sentence());
    }

    /** The place of the largest of some values, the first of equals. */
    static int first(double[] values, int from, int count) {
        int best = 0;
        for (int k = 1; k < count; k++) {
            best = values[from + k] > values[from + best] ? k : best;
        }
        return best;
    }

    private static double spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double iqr = sorted[sorted.length * 3 / 4] - sorted[sorted.length / 4];
        return iqr > 0 ? iqr : 1;
    }
}
