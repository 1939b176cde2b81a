/**
 * Metrics of a table of predictions, whoever made them: a column of truths beside one of scores or
 * decisions goes in, an {@link dev.weir.ml.data.evaluate.Evaluation} comes out.
 *
 * <pre>{@code
 * Evaluation evaluation = new Evaluator(duckDb).evaluate(table, columns);
 * evaluation.metrics().value(Metric.ROC_AUC);
 * }</pre>
 */
@NullMarked
package dev.weir.ml.data.evaluate;

import org.jspecify.annotations.NullMarked;
