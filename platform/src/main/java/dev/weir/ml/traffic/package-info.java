/**
 * What an endpoint predicted, and what then was true.
 *
 * <p>In come predictions, one call for each request, from whoever serves ({@link
 * dev.weir.ml.traffic.PredictionLog}: it never waits and never throws), and outcomes, early, late
 * or twice ({@link dev.weir.ml.traffic.Outcomes}). Out go windows: the rows of an endpoint between
 * two instants as one Parquet table, joined with what turned out ({@link
 * dev.weir.ml.traffic.Windows}), for canaries, monitors and retraining. Start at {@link
 * dev.weir.ml.traffic.Traffic}.
 *
 * <pre>{@code
 * Traffic traffic = new Traffic(home.root(), "default", duckDb, clock);
 * PredictionIds ids = PredictionIds.of(clock);
 * try (PredictionLog log = traffic.log("income", threads)) {
 *     PredictionLog.Lane primary = log.lane(Origin.of("primary", 3, model, signature), policy);
 *     PredictionId id = ids.next();                       // goes back to the client
 *     primary.offer(new Entry(id, micros, key, null, 1.0, rows, nanos, null));
 * }
 * traffic.outcomes("income").add(List.of(Outcome.of(id.toString(), ">50K")));
 * traffic.windows("income").write(window, Selection.all(), out);   // _id, _time, …, _outcome
 * }</pre>
 *
 * <p>Everything lies in files under {@code traffic/WORKSPACE/ENDPOINT/} of the home; how rows
 * become files, and how several processes share them, is {@code ml.data.log}'s. The columns are
 * documented in {@code docs/prediction-log.md}.
 */
@NullMarked
package dev.weir.ml.traffic;

import org.jspecify.annotations.NullMarked;
