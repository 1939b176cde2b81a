package dev.weir.project;

import dev.weir.ml.tracking.Experiment;
import dev.weir.ml.tracking.NewRun;
import dev.weir.ml.tracking.RunStatus;
import dev.weir.ml.tracking.Tracking;
import dev.weir.pipeline.RunListener;
import dev.weir.pipeline.RunRecord;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** A pipeline run is a tracking run, in the experiment of its pipeline's name, and two events. */
final class TrackedRuns implements RunListener {
    private final Tracking tracking;
    private final Ledger ledger;

    TrackedRuns(Tracking tracking, Ledger ledger) {
        this.tracking = tracking;
        this.ledger = ledger;
    }

    @Override
    public void started(Transaction tx, RunRecord run) {
        Actor actor = Actor.parse(run.actor());
        tracking.openWorkspace(tx);
        Experiment experiment = tracking.experiment(tx, run.pipeline());
        Map<String, String> tags =
                Map.of(
                        "mlflow.source.name", run.pipeline(),
                        "mlflow.source.type", "PROJECT",
                        "weir.trigger", run.trigger());
        tracking.start(
                tx,
                new NewRun(
                        run.runId(),
                        experiment.id(),
                        run.pipeline() + "-" + run.runId().substring(0, 8),
                        actor.name(),
                        tags));
        append(tx, run, "run.started");
    }

    @Override
    public void ended(Transaction tx, RunRecord run) {
        tracking.end(
                tx,
                run.runId(),
                switch (run.status()) {
                    case PASSED -> RunStatus.FINISHED;
                    case REJECTED, FAILED -> RunStatus.FAILED;
                    case CANCELLED -> RunStatus.KILLED;
                    case RUNNING -> RunStatus.RUNNING;
                });
        append(tx, run, "run.ended");
    }

    private void append(Transaction tx, RunRecord run, String kind) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("pipeline", run.pipeline());
        payload.put("status", run.status().text());
        payload.put("trigger", run.trigger());
        ledger.append(
                tx, run.workspace(), Actor.parse(run.actor()), kind, "run:" + run.runId(), payload);
    }
}
