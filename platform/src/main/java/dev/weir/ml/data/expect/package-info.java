/**
 * Whether a table is what its project expects.
 *
 * <p>A suite comes in ({@code expectations/<model>.yaml}, read into an {@link
 * dev.weir.ml.data.expect.ExpectationSuite}) with a Parquet file and, where there is one, its
 * profile. Out comes an {@link dev.weir.ml.data.expect.ExpectationReport}: for each expectation
 * what was found, how many rows offend, and some of them. Start at {@link
 * dev.weir.ml.data.expect.ExpectationChecker}; {@link dev.weir.ml.data.expect.Expectation} lists
 * what can be expected; {@link dev.weir.ml.data.expect.SuiteWriter} writes a first suite from a
 * profile.
 *
 * <p>A check costs as little as it can: {@code ProfileAnswers} takes from the profile what stands
 * there, all other counts are one query ({@code ExpectationSql}), and rows are looked for ({@code
 * OffendingRows}) only where some offend. A team's own {@code expr} passes {@code ExpressionGuard}
 * before it comes near the engine.
 */
@NullMarked
package dev.weir.ml.data.expect;

import org.jspecify.annotations.NullMarked;
