package dev.weir.stage.validate;

import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Measurement;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.RegressionMetrics;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model says of rows, beside what was true, row by row: as a file, the columns {@code truth}
 * and {@code score}.
 *
 * @param signature of the model
 * @param truth of two classes 1 for the positive one and 0 for the other; of a regression the
 *     number; NaN where it is not known
 * @param scores the probability of the positive class, or the prediction
 */
record Predictions(Signature signature, double[] truth, double[] scores) {
    private static final double APART = 0.1;
    private static final String TRUTH = "truth";
    private static final String SCORE = "score";

    static Predictions read(ColumnFiles files, Path parquet, Signature signature) {
        List<ColumnData.Doubles> columns = files.doubles(parquet, List.of(TRUTH, SCORE));
        return new Predictions(signature, columns.getFirst().values(), columns.getLast().values());
    }

    void write(ColumnFiles files, Path parquet) {
        files.write(
                parquet,
                List.of(
                        new ColumnData.Doubles(TRUTH, truth),
                        new ColumnData.Doubles(SCORE, scores)));
    }

    int rows() {
        return truth.length;
    }

    /** The rows whose truth is known. */
    int[] known() {
        return IntStream.range(0, rows()).filter(row -> !Double.isNaN(truth[row])).toArray();
    }

    /** The same of some rows. */
    Predictions pick(int[] rows) {
        return new Predictions(
                signature,
                Arrays.stream(rows).mapToDouble(row -> truth[row]).toArray(),
                Arrays.stream(rows).mapToDouble(row -> scores[row]).toArray());
    }

    /** How good they are; every truth is known. */
    Metrics metrics() {
        return measurement().under(null);
    }

    /** As {@link #metrics}, for many weights of the rows. */
    Measurement measurement() {
        Signature.Classes classes = signature.classes();
        return classes == null
                ? RegressionMetrics.on(scores, truth)
                : BinaryMetrics.on(scores, positives(), classes.threshold());
    }

    /** Of two classes: whether each row is of the positive one. */
    boolean[] positives() {
        boolean[] positive = new boolean[rows()];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = truth[i] == 1;
        }
        return positive;
    }

    /** Of classes: the label that each row is given; of a regression none. */
    String[] decisions() {
        Signature.Classes classes = signature.classes();
        return classes == null
                ? new String[0]
                : Arrays.stream(scores)
                        .mapToObj(
                                score ->
                                        score >= classes.threshold()
                                                ? classes.positive()
                                                : classes.negative())
                        .toArray(String[]::new);
    }

    /** Of classes: whether each decision is right. */
    boolean[] right() {
        double threshold =
                signature.classes() instanceof Signature.Classes classes ? classes.threshold() : 0;
        boolean[] positive = positives();
        boolean[] right = new boolean[rows()];
        for (int i = 0; i < right.length; i++) {
            right[i] = scores[i] >= threshold == positive[i];
        }
        return right;
    }

    /** The same rows with other scores. */
    Predictions with(float[] others) {
        double[] wide = new double[others.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = others[i];
        }
        return new Predictions(signature, truth, wide);
    }

    /** The metric that stands for all, where nobody says which. */
    Metric headline() {
        return switch (signature.task()) {
            case BINARY -> Metric.ROC_AUC;
            case MULTICLASS -> Metric.ACCURACY;
            case REGRESSION -> Metric.R2;
        };
    }

    /**
     * The share of rows whose decision is another one than in other predictions of the same rows;
     * of a regression, whose numbers are further apart than a tenth of the standard deviation of
     * the truth.
     */
    double changed(Predictions other) {
        int changed = 0;
        double apart = APART * deviation();
        for (int row = 0; row < rows(); row++) {
            changed += differs(row, other, apart) ? 1 : 0;
        }
        return (double) changed / rows();
    }

    private double deviation() {
        double mean = Arrays.stream(truth).average().orElse(0);
        return Math.sqrt(
                Arrays.stream(truth).map(v -> (v - mean) * (v - mean)).average().orElse(0));
    }

    private boolean differs(int row, Predictions other, double apart) {
        Signature.Classes classes = signature.classes();
        Signature.Classes others = other.signature.classes();
        if (classes == null || others == null) {
            return Math.abs(scores[row] - other.scores[row]) > apart;
        }
        return scores[row] >= classes.threshold() != other.scores[row] >= others.threshold();
    }
}
