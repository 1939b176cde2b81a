/**
 * Drift of whole tables: two files go in, what moved comes out, column by column.
 *
 * <p>The scores and the verdicts are those of {@link dev.weir.ml.stats.drift}; here columns are
 * matched, read a few at a time, and told to a person. Start reading at {@link
 * dev.weir.ml.data.drift.TableDrift}.
 *
 * <pre>{@code
 * DriftReport report = new TableDrift(duckDb, DriftRule.STANDARD).compare(lastYear, thisYear, List.of());
 * report.verdict();       // fail
 * }</pre>
 */
@NullMarked
package dev.weir.ml.data.drift;

import org.jspecify.annotations.NullMarked;
