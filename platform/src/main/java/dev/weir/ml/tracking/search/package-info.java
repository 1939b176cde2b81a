/**
 * Search over runs, experiments, and whatever else has names, texts and numbers: MLflow's filter
 * and order language, as a tree, with the place of each mistake.
 *
 * <p>In comes a text: {@code metrics.loss < 0.45 and (params.lr = '0.01' or not tags.team = 'a')}.
 * {@link dev.weir.ml.tracking.search.FilterParser} makes a {@link
 * dev.weir.ml.tracking.search.Filter} of it, in the words of a {@link
 * dev.weir.ml.tracking.search.Vocabulary}. Runs are then found by SQL; what there are few of is
 * asked one by one ({@link dev.weir.ml.tracking.search.Filter#matches}). OR, NOT and parentheses go
 * beyond MLflow.
 *
 * <p>The rules: a clause matches nothing that lacks its key, not even with {@code !=}; NOT matches
 * all that its part does not. NaN is unlike every number. In an order, what lacks the key comes
 * last in both directions, and NaN after all numbers.
 *
 * <p>Start at {@link dev.weir.ml.tracking.search.RunSearch}.
 *
 * <pre>{@code
 * RunQuery query = RunQuery.in(List.of("1")).where("metrics.auc > 0.9").orderBy("metrics.auc DESC").limit(100);
 * Page<Run> page = database.read(tx -> search.search(tx, query));
 * }</pre>
 */
@NullMarked
package dev.weir.ml.tracking.search;

import org.jspecify.annotations.NullMarked;
