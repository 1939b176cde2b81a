/**
 * What a table holds, and what a model of one of its columns should leave out.
 *
 * <p>A Parquet file comes in. Out come a {@link dev.weir.ml.data.profile.Profile} (counts, bounds,
 * distinct values, quantiles, lengths; one pass over the file, kept beside its dataset version) and
 * {@link dev.weir.ml.data.profile.TargetAdvice}: columns that give the target away, that name rows,
 * that say nothing. Start at {@link dev.weir.ml.data.profile.Profiler}.
 *
 * <pre>{@code
 * Profile profile = new Profiler(duckDb).profile(table);
 * profile.json();                                             // what the store keeps
 * new TargetAdvisor(duckDb).advise(table, profile, "cnt");    // casual + registered = cnt: a leak
 * }</pre>
 */
@NullMarked
package dev.weir.ml.data.profile;

import org.jspecify.annotations.NullMarked;
