/**
 * Experiments and runs: what was executed, with which parameters, and what it measured. MLflow's
 * words and meaning, so that MLflow's clients can speak through this room.
 *
 * <p>In come the parameters, metrics, tags and inputs of a run; out come runs, newest first, and
 * the history of a metric. A run of a pipeline is a run with the same id in the experiment of its
 * pipeline's name. Nothing here is an event of the ledger.
 *
 * <p>Start at {@link dev.weir.ml.tracking.Tracking}. Every method takes the transaction that it is
 * part of, so that a caller makes several of them one.
 *
 * <pre>{@code
 * Tracking tracking = new Tracking("default", clock);
 * database.writing(tx -> {
 *     Experiment income = tracking.experiment(tx, "income");
 *     tracking.start(tx, NewRun.of(runId, income.id(), "brave-otter-12", "anna"));
 *     tracking.log(tx, runId, Batch.ofParams(Map.of("trainer", "xgboost")));
 *     tracking.end(tx, runId, RunStatus.FINISHED);
 * });
 * List<Run> newest = database.read(tx -> tracking.recent(tx, List.of("1"), 20));
 * }</pre>
 *
 * <p>A server logs what is metrics only through {@link dev.weir.ml.tracking.MetricIntake}.
 *
 * <p>How the tables are laid out, and why the history of a metric stands in packed rows, tells
 * {@code docs/decisions/020-metric-history-in-packed-rows.md}.
 */
@NullMarked
package dev.weir.ml.tracking;

import org.jspecify.annotations.NullMarked;
