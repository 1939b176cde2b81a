package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.model.TableScores;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.RegressionMetrics;
import dev.weir.ml.stats.Task;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * How far two models of other bytes are the same, on the same rows.
 *
 * @param note what was measured
 */
record Sameness(Level level, String note) {
    private static final double SAME_SCORE = 1e-6;
    private static final double SAME_DECISION = 1e-3;
    private static final double BAND = 1e-5;
    private static final double SAME_METRIC = 0.005;
    private static final int RESAMPLES = 400;
    private static final long SEED = 20_260_101;

    static Sameness of(Home home, ModelFolder registered, ModelFolder made, Digest rows) {
        Path table =
                home.blobs()
                        .localPath(rows)
                        .orElseThrow(
                                () ->
                                        Problem.step("store.missing", "blob " + rows + " is gone")
                                                .exception());
        if (!registered.signature().target().equals(made.signature().target())
                || registered.signature().task() != made.signature().task()) {
            return new Sameness(Level.R4, "it predicts something else");
        }
        DuckDb duckDb = new DuckDb(home.root().resolve("work"), 1);
        try (Scorer first = Scorer.open(registered, duckDb.scratch());
                Scorer second = Scorer.open(made, duckDb.scratch())) {
            TableScores then = TableScores.of(first, table, duckDb).withTruth();
            TableScores now = TableScores.of(second, table, duckDb).withTruth();
            if (!registered.signature().labels().equals(made.signature().labels())) {
                return new Sameness(Level.R4, "it knows other classes");
            }
            return compare(registered.signature(), then.truth(), then.doubles(), now.doubles());
        }
    }

    static Sameness compare(Signature signature, double[] truth, double[] then, double[] now) {
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
        double[] interval = interval(signature, truth, then, now);
        String metric = headline(signature).text();
        String more =
                "%s; the 95 %% interval of the difference of %s is %.4f to %.4f"
                        .formatted(measured, metric, interval[0], interval[1]);
        boolean close = interval[0] >= -SAME_METRIC && interval[1] <= SAME_METRIC;
        return new Sameness(close ? Level.R3 : Level.R4, more);
    }

    /** The place of the largest of some values, the first of equals. */
    private static int first(double[] values, int from, int count) {
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

    private static Metric headline(Signature signature) {
        return switch (signature.task()) {
            case REGRESSION -> Metric.R2;
            case BINARY -> Metric.ROC_AUC;
            case MULTICLASS -> Metric.ACCURACY;
        };
    }

    /** Percentile interval of a paired bootstrap (Efron and Tibshirani 1993, section 13.3). */
    private static double[] interval(
            Signature signature, double[] truth, double[] then, double[] now) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] differences = new double[RESAMPLES];
        int n = truth.length;
        double[] sampledTruth = new double[n];
        int width = signature.width();
        double[] sampledThen = new double[n * width];
        double[] sampledNow = new double[n * width];
        for (int r = 0; r < RESAMPLES; r++) {
            for (int i = 0; i < n; i++) {
                int row = random.nextInt(n);
                sampledTruth[i] = truth[row];
                System.arraycopy(then, row * width, sampledThen, i * width, width);
                System.arraycopy(now, row * width, sampledNow, i * width, width);
            }
            differences[r] =
                    metric(signature, sampledTruth, sampledNow)
                            - metric(signature, sampledTruth, sampledThen);
        }
        Arrays.sort(differences);
        return new double[] {
            differences[(int) (RESAMPLES * 0.025)], differences[(int) (RESAMPLES * 0.975)]
        };
    }

    private static double metric(Signature signature, double[] truth, double[] scores) {
        return switch (signature.task()) {
            case REGRESSION -> RegressionMetrics.of(scores, truth, null).value(Metric.R2).orElse(0);
            case BINARY -> {
                boolean[] positive = new boolean[truth.length];
                for (int i = 0; i < truth.length; i++) {
                    positive[i] = truth[i] == 1;
                }
                yield BinaryMetrics.of(
                                scores,
                                positive,
                                null,
                                Objects.requireNonNull(signature.classes()).threshold())
                        .value(Metric.ROC_AUC)
                        .orElse(0.5);
            }
            case MULTICLASS -> accuracy(signature.width(), truth, scores);
        };
    }

    private static double accuracy(int width, double[] truth, double[] scores) {
        int right = 0;
        for (int row = 0; row < truth.length; row++) {
            right += first(scores, row * width, width) == (int) truth[row] ? 1 : 0;
        }
        return (double) right / truth.length;
    }
}
