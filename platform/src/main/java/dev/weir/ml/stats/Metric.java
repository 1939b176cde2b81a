package dev.weir.ml.stats;

import static dev.weir.ml.stats.Better.HIGHER;
import static dev.weir.ml.stats.Better.LOWER;
import static dev.weir.ml.stats.Better.NEITHER;
import static dev.weir.ml.stats.Task.BINARY;
import static dev.weir.ml.stats.Task.MULTICLASS;
import static dev.weir.ml.stats.Task.REGRESSION;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The table of metrics: name, tasks that have it, which way is better, and range. The order of the
 * constants is the order of every report. The name in YAML and JSON is the constant in lower case.
 */
public enum Metric {
    /** Area under the ROC curve; ties count by their mid-rank. */
    ROC_AUC(HIGHER, 0, 1, BINARY),
    /** Step sum of precision over recall; not the trapezoid. */
    AVERAGE_PRECISION(HIGHER, 0, 1, BINARY),
    /** Area under the precision-recall curve by trapezoids; too kind, see AVERAGE_PRECISION. */
    PR_AUC(HIGHER, 0, 1, BINARY),
    /** Mean of -ln p(truth), natural logarithm, p clipped to [1e-15, 1 - 1e-15]. */
    LOG_LOSS(LOWER, 0, Double.POSITIVE_INFINITY, BINARY, MULTICLASS),
    /** Mean squared difference of probability and outcome. */
    BRIER(LOWER, 0, 1, BINARY),
    /** Expected calibration error over ten bins of equal width. */
    ECE(LOWER, 0, 1, BINARY),
    /** Largest distance between the score distributions of the two classes. */
    KS(HIGHER, 0, 1, BINARY),
    ACCURACY(HIGHER, 0, 1, BINARY, MULTICLASS),
    /** Mean of the recalls of both classes. */
    BALANCED_ACCURACY(HIGHER, 0, 1, BINARY),
    /** 0 where nothing was predicted positive. */
    PRECISION(HIGHER, 0, 1, BINARY),
    /** 0 where nothing is positive. */
    RECALL(HIGHER, 0, 1, BINARY),
    F1(HIGHER, 0, 1, BINARY),
    /** Recall of the negative class. */
    SPECIFICITY(HIGHER, 0, 1, BINARY),
    /** Matthews correlation coefficient; 0 where a row or column of the confusion is empty. */
    MCC(HIGHER, -1, 1, BINARY, MULTICLASS),
    /** Share of rows predicted positive. */
    POSITIVE_RATE(NEITHER, 0, 1, BINARY),
    /** Mean of the AUCs of each class against the rest; undefined where a class never occurs. */
    ROC_AUC_OVR(HIGHER, 0, 1, MULTICLASS),
    /** Mean of the AUCs of each pair of classes (Hand and Till 2001). */
    ROC_AUC_OVO(HIGHER, 0, 1, MULTICLASS),
    /** Share of rows whose truth is among the two most probable classes. */
    TOP2_ACCURACY(HIGHER, 0, 1, MULTICLASS),
    COHEN_KAPPA(HIGHER, -1, 1, MULTICLASS),
    PRECISION_MACRO(HIGHER, 0, 1, MULTICLASS),
    PRECISION_MICRO(HIGHER, 0, 1, MULTICLASS),
    PRECISION_WEIGHTED(HIGHER, 0, 1, MULTICLASS),
    RECALL_MACRO(HIGHER, 0, 1, MULTICLASS),
    RECALL_MICRO(HIGHER, 0, 1, MULTICLASS),
    RECALL_WEIGHTED(HIGHER, 0, 1, MULTICLASS),
    F1_MACRO(HIGHER, 0, 1, MULTICLASS),
    F1_MICRO(HIGHER, 0, 1, MULTICLASS),
    F1_WEIGHTED(HIGHER, 0, 1, MULTICLASS),
    /**
     * Share of variance explained; of a constant target 1 (all right) or 0; undefined for one row.
     */
    R2(HIGHER, Double.NEGATIVE_INFINITY, 1, REGRESSION),
    /** Square root of the mean squared error, in units of the target. */
    RMSE(LOWER, 0, Double.POSITIVE_INFINITY, REGRESSION),
    /** Mean absolute error, in units of the target. */
    MAE(LOWER, 0, Double.POSITIVE_INFINITY, REGRESSION),
    MSE(LOWER, 0, Double.POSITIVE_INFINITY, REGRESSION),
    MEDIAN_ABSOLUTE_ERROR(LOWER, 0, Double.POSITIVE_INFINITY, REGRESSION),
    MAX_ERROR(LOWER, 0, Double.POSITIVE_INFINITY, REGRESSION),
    /** Mean of prediction - truth: the bias. */
    MEAN_ERROR(NEITHER, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, REGRESSION),
    /** Like R2, but blind to a constant bias. */
    EXPLAINED_VARIANCE(HIGHER, Double.NEGATIVE_INFINITY, 1, REGRESSION),
    /** Mean absolute error relative to the truth, over the rows whose truth is not 0. */
    MAPE(LOWER, 0, Double.POSITIVE_INFINITY, REGRESSION),
    /** Mean of |p - t| / ((|p| + |t|) / 2); 0/0 counts as 0. */
    SMAPE(LOWER, 0, 2, REGRESSION),
    /** RMSE of ln(1 + x); undefined where a truth or a prediction is negative. */
    RMSLE(LOWER, 0, Double.POSITIVE_INFINITY, REGRESSION);

    private final String text = name().toLowerCase(Locale.ROOT);
    private final Better better;
    private final double min;
    private final double max;
    private final List<Task> tasks;

    Metric(Better better, double min, double max, Task... tasks) {
        this.better = better;
        this.min = min;
        this.max = max;
        this.tasks = List.of(tasks);
    }

    /** The name in YAML and JSON, for example {@code roc_auc}. */
    public String text() {
        return text;
    }

    /** Which way it improves. */
    public Better better() {
        return better;
    }

    /** The lowest value that it can have; may be negative infinity. */
    public double min() {
        return min;
    }

    /** The highest value that it can have; may be infinity. */
    public double max() {
        return max;
    }

    /** Whether models of this task have it. */
    public boolean measures(Task task) {
        return tasks.contains(task);
    }

    /** The metric that a gate calls by this name. */
    public static Optional<Metric> named(String text) {
        return Stream.of(values()).filter(metric -> metric.text.equals(text)).findFirst();
    }

    /** The metrics of a task, in the order of reports. */
    public static List<Metric> of(Task task) {
        return Stream.of(values()).filter(metric -> metric.measures(task)).toList();
    }
}
