/**
 * Whether a table is what its suite expects.
 *
 * <p>An {@link dev.weir.ml.data.expect.ExpectationSuite} comes in with a table, and where there are
 * any, with what the table is compared with: the clock, the last accepted version, other datasets
 * ({@link dev.weir.ml.data.check.Comparison}). Out comes an {@link
 * dev.weir.ml.data.expect.ExpectationReport}: for each expectation what was found, how many rows
 * offend, and some of them; and where asked for, a file of all rows that do. Start at {@link
 * dev.weir.ml.data.check.ExpectationChecker}:
 *
 * <pre>{@code
 * new ExpectationChecker(duckDb)
 *         .check(table, suite, Comparison.at(clock.instant()), quarantine)
 *         .notPassed();
 * }</pre>
 *
 * <p>A check costs as little as it can. {@code CheckRun} holds a table against a suite by a {@code
 * Plan}: of Parquet {@code RuleByRule}, of a delimited file that the engine may read itself {@code
 * OnePass}. {@code ProfileAnswers} and {@code Footers} know much without a look at a row; {@code
 * RowSql} has one line for each kind of check of rows, {@code Figures} for each figure. Rows are
 * looked for ({@code OffendingRows}) only where some offend. A team's own SQL passes {@code
 * ExpressionGuard} before it comes near the engine, which can open no file but the table and what
 * it is compared with.
 */
@NullMarked
package dev.weir.ml.data.check;

import org.jspecify.annotations.NullMarked;
