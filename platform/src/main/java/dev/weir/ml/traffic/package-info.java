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
 * Origin primary = Origin.of("primary", 3, model, signature);
 * try (PredictionLog log = traffic.log("income", LogPolicy.usual(), threads)) {
 *     String id = ids.next();                             // goes back to the client
 *     log.offer(new Entry(id, micros, primary, key, 1.0, columns, outputs, nanos, null));
 * }
 * traffic.outcomes("income").add(List.of(Outcome.of(id, ">50K")));
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
