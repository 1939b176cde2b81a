/**
 * Whether one model is worse than another on the same rows, or only seems so.
 *
 * <p>{@link dev.weir.ml.stats.compare.McNemar} compares decisions, {@link
 * dev.weir.ml.stats.compare.PairedBootstrap} any metric: rows are drawn with replacement, the same
 * for both, and the difference of the metric is taken each time.
 *
 * <pre>{@code
 * PairedBootstrap.Interval difference =
 *     PairedBootstrap.difference(rows, candidate, production, 1_000, 0.95, 7);
 * difference.high() < 0;          // worse, and not by chance
 * }</pre>
 */
@NullMarked
package dev.weir.ml.stats.compare;

import org.jspecify.annotations.NullMarked;
