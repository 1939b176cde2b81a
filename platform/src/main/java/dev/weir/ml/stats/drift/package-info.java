/**
 * How far a column has moved from a baseline: eight scores, and a verdict that noise does not
 * decide.
 *
 * <p>In come the values of a column, then and now, or their counts in bins that the baseline alone
 * chose ({@link dev.weir.ml.stats.drift.Binning}). Out comes a {@link
 * dev.weir.ml.stats.drift.ColumnDrift}. Missing values are in no distance; their share has a score
 * of its own. A column is drifted only where PSI is above its threshold <em>and</em> above what
 * chance gives for samples of this size: under no drift PSI times nm/(n+m) is near chi-square with
 * bins - 1 degrees of freedom.
 *
 * <p>Of values both tables are needed. Of a {@link dev.weir.ml.stats.drift.Baseline}, which is kept
 * as JSON with each dataset version, merges with others, and takes a few kilobytes a column, the
 * other table is: what counts give is as exact, KS and Wasserstein come from a {@link
 * dev.weir.ml.stats.drift.QuantileSketch} and say by how much they may be off.
 *
 * <p>Start reading at {@link dev.weir.ml.stats.drift.Drift}.
 *
 * <pre>{@code
 * ColumnDrift drift = Drift.numbers("age", baseline, 0, current, 3);
 * drift.scores().psi();                               // 0.034
 * List<Judged> judged = DriftRule.STANDARD.judge(List.of(drift));   // pass
 * }</pre>
 */
@NullMarked
package dev.weir.ml.stats.drift;

import org.jspecify.annotations.NullMarked;
