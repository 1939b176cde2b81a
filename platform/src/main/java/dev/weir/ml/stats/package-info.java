/**
 * Pure functions from numbers to numbers: how good predictions are, and how long calls took. What
 * comes in are primitive arrays (scores, truths, weights, durations); what goes out are {@link
 * dev.weir.ml.stats.Metrics}: a value for each {@link dev.weir.ml.stats.Metric}, in a stable order,
 * where a metric that is not defined on these rows (ROC AUC of one class) has no value instead of
 * NaN. Nothing here reads a file, a clock or a random source.
 *
 * <p>Start at {@link dev.weir.ml.stats.BinaryMetrics}, {@link dev.weir.ml.stats.RegressionMetrics}
 * or {@link dev.weir.ml.stats.MulticlassMetrics}. The names that gates use in YAML, their range and
 * which way is better stand in one table, {@link dev.weir.ml.stats.Metric}. Conventions are those
 * of scikit-learn 1.2 where it is defined, and the tests compare with its values.
 *
 * <pre>{@code
 * Metrics metrics = BinaryMetrics.of(scores, truth, null, 0.5);
 * OptionalDouble auc = metrics.value(Metric.ROC_AUC);             // empty where only one class occurs
 * Metric metric = Metric.named("roc_auc").orElseThrow();          // as a gate names it
 * }</pre>
 */
@NullMarked
package dev.weir.ml.stats;

import org.jspecify.annotations.NullMarked;
