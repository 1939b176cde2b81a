package dev.weir.stage.validate;

import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Measurement;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.MulticlassMetrics;
import dev.weir.ml.stats.RegressionMetrics;
import dev.weir.ml.stats.Task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model says of rows, beside what was true, row by row: as a file, the columns {@code truth}
 * and {@code score}, or of many classes {@code score_0}, {@code score_1} and so on, in the order of
 * the signature's labels.
 *
 * @param signature of the model
 * @param truth of two classes 1 for the positive one and 0 for the other; of many classes the place
 *     in the signature's labels; of a regression the number; NaN where it is not known
 * @param scores rows x width of the signature, row by row: the probability of the positive class,
 *     or of each of many, or the prediction
 */
record Predictions(Signature signature, double[] truth, double[] scores) {
    private static final double APART = 0.1;
    private static final double CLIP = 1e-15;
    private static final String TRUTH = "truth";
    private static final String SCORE = "score";

    private static List<String> columns(Signature signature) {
        List<String> names = new ArrayList<>(List.of(TRUTH));
        int width = signature.width();
        for (int k = 0; k < width; k++) {
            names.add(width == 1 ? SCORE : SCORE + "_" + k);
        }
        return names;
    }

    static Predictions read(ColumnFiles files, Path parquet, Signature signature) {
        List<ColumnData.Doubles> columns = files.doubles(parquet, columns(signature));
        double[] truth = columns.getFirst().values();
        int width = signature.width();
        double[] scores = new double[truth.length * width];
        for (int k = 0; k < width; k++) {
            double[] column = columns.get(k + 1).values();
            for (int row = 0; row < truth.length; row++) {
                scores[row * width + k] = column[row];
            }
        }
        return new Predictions(signature, truth, scores);
    }

    void write(ColumnFiles files, Path parquet) {
        List<String> names = columns(signature);
        int width = signature.width();
        List<ColumnData> columns = new ArrayList<>();
        columns.add(new ColumnData.Doubles(TRUTH, truth));
        for (int k = 0; k < width; k++) {
            double[] column = new double[rows()];
            for (int row = 0; row < column.length; row++) {
                column[row] = scores[row * width + k];
            }
            columns.add(new ColumnData.Doubles(names.get(k + 1), column));
        }
        files.write(parquet, columns);
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
        int width = signature.width();
        double[] some = new double[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(scores, rows[i] * width, some, i * width, width);
        }
        return new Predictions(
                signature, Arrays.stream(rows).mapToDouble(row -> truth[row]).toArray(), some);
    }

    /** How good they are; every truth is known. */
    Metrics metrics() {
        return measurement().under(null);
    }

    /** As {@link #metrics}, for many weights of the rows. */
    Measurement measurement() {
        Signature.Classes classes = signature.classes();
        if (classes != null) {
            return BinaryMetrics.on(scores, positives(), classes.threshold());
        }
        return signature.labels().isEmpty()
                ? RegressionMetrics.on(scores, truth)
                : MulticlassMetrics.on(
                        scores,
                        signature.width(),
                        Arrays.stream(truth).mapToInt(place -> (int) place).toArray());
    }

    /**
     * Of classes: the place of the label that a row is given, of two classes 1 for the positive.
     */
    private int decision(int row) {
        Signature.Classes classes = signature.classes();
        if (classes != null) {
            return scores[row] >= classes.threshold() ? 1 : 0;
        }
        int width = signature.width();
        int best = 0;
        for (int k = 1; k < width; k++) {
            best = scores[row * width + k] > scores[row * width + best] ? k : best;
        }
        return best;
    }

    /** One number for each row: the score, or of many classes that of the one decided for. */
    double[] foremost() {
        int width = signature.width();
        return width == 1
                ? scores
                : IntStream.range(0, rows())
                        .mapToDouble(row -> scores[row * width + decision(row)])
                        .toArray();
    }

    /**
     * How wrong a row is: -ln of the probability of its truth, clipped at 1e-15, or of a regression
     * the squared error.
     */
    double loss(int row) {
        if (signature.task() == Task.REGRESSION) {
            double error = scores[row] - truth[row];
            return error * error;
        }
        int width = signature.width();
        double p =
                width > 1
                        ? scores[row * width + (int) truth[row]]
                        : truth[row] == 1 ? scores[row] : 1 - scores[row];
        return -Math.log(Math.max(p, CLIP));
    }

    /** The truth of a row as a person writes it. */
    String truthText(int row) {
        return text((int) truth[row], truth[row]);
    }

    /** What the model decides on a row, as a person writes it. */
    String saidText(int row) {
        return signature.task() == Task.REGRESSION ? text(0, scores[row]) : text(decision(row), 0);
    }

    private String text(int place, double number) {
        if (signature.classes() instanceof Signature.Classes classes) {
            return place == 1 ? classes.positive() : classes.negative();
        }
        return signature.labels().isEmpty()
                ? Float.toString((float) number)
                : signature.labels().get(place);
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
        List<String> labels =
                classes == null
                        ? signature.labels()
                        : List.of(classes.negative(), classes.positive());
        return labels.isEmpty()
                ? new String[0]
                : IntStream.range(0, rows())
                        .mapToObj(row -> labels.get(decision(row)))
                        .toArray(String[]::new);
    }

    /** Of classes: whether each decision is right. */
    boolean[] right() {
        boolean[] right = new boolean[rows()];
        for (int i = 0; i < right.length; i++) {
            right[i] = decision(i) == (int) truth[i];
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
        return rows() == 0 ? 0 : (double) changed / rows();
    }

    private double deviation() {
        double mean = Arrays.stream(truth).average().orElse(0);
        return Math.sqrt(
                Arrays.stream(truth).map(v -> (v - mean) * (v - mean)).average().orElse(0));
    }

    private boolean differs(int row, Predictions other, double apart) {
        return signature.task() == Task.REGRESSION
                ? Math.abs(scores[row] - other.scores[row]) > apart
                : decision(row) != other.decision(row);
    }
}
