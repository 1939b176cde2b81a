package dev.weir.ml.tracking;

import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import java.time.Instant;
import java.util.List;

/** Removes rows of runs, logged models and experiments that were deleted. */
final class PurgeDao {
    private static final List<String> OF_RUNS =
            List.of("param", "run_tag", "metric_calls", "latest_metric", "run_input", "run_model");

    private final Transaction tx;
    private final String workspace;

    PurgeDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.workspace = workspace;
    }

    /** A run or a logged model, and the experiment that it is in. */
    record Owner(String id, String experimentId) {}

    List<Owner> runs(Instant deleted) {
        return tx.all(
                """
                select id, experiment_id from run
                where workspace = ? and lifecycle = 'deleted' and deleted_us < ?\
                """,
                row -> new Owner(row.getString(1), row.getString(2)),
                workspace,
                Times.micros(deleted));
    }

    void forgetRun(String id) {
        OF_RUNS.forEach(table -> tx.update("delete from " + table + " where run_id = ?", id));
        tx.update("delete from run where id = ?", id);
    }

    /** Those that were deleted, and those of deleted experiments. */
    List<Owner> models(Instant deleted) {
        return tx.all(
                """
                select m.id, m.experiment_id from logged_model m
                join experiment e on e.workspace = m.workspace and e.id = m.experiment_id
                where m.workspace = ?
                    and (m.deleted_us < ? or e.lifecycle = 'deleted' and e.updated_us < ?)\
                """,
                row -> new Owner(row.getString(1), row.getString(2)),
                workspace,
                Times.micros(deleted),
                Times.micros(deleted));
    }

    void forgetModel(String id) {
        tx.update("delete from logged_model_param where model_id = ?", id);
        tx.update("delete from logged_model_tag where model_id = ?", id);
        tx.update("delete from logged_model where id = ?", id);
    }

    /** Those that no run is left of. */
    List<String> experiments(Instant deleted) {
        return tx.all(
                """
                select id from experiment e
                where workspace = ? and lifecycle = 'deleted' and updated_us < ?
                    and not exists (select 1 from run
                        where run.workspace = e.workspace and run.experiment_id = e.id)\
                """,
                row -> row.getString(1),
                workspace,
                Times.micros(deleted));
    }

    /** Its row stays, so that its id is not given again; its name is free. */
    void forgetExperiment(String id) {
        tx.update(
                "delete from experiment_tag where workspace = ? and experiment_id = ?",
                workspace,
                id);
        tx.update(
                "delete from logged_dataset where workspace = ? and experiment_id = ?",
                workspace,
                id);
        tx.update(
                "update experiment set lifecycle = 'purged', name = ? where workspace = ? and id ="
                        + " ?",
                "purged/" + id,
                workspace,
                id);
    }
}
