package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.ml.tracking.Batch;
import dev.weir.ml.tracking.Metric;
import dev.weir.ml.tracking.MetricPoint;
import dev.weir.ml.tracking.NewRun;
import dev.weir.ml.tracking.RunStatus;
import dev.weir.ml.tracking.Tracking;
import dev.weir.pipeline.RunListener;
import dev.weir.pipeline.RunRecord;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sweep in tracking: its run is an ordinary one, and each configuration a child of it, by the tag
 * that MLflow's clients draw a tree from.
 */
final class TrialRuns implements RunListener {
    /** Names the run above, in MLflow's words. */
    private static final String PARENT = "mlflow.parentRunId";

    /** Says that a run is a sweep, and of which sort. */
    private static final String SWEEP = "weir.sweep";

    private static final int RUN_ID_DIGITS = 32;

    private final Home home;
    private final TrackedRuns ordinary;
    private final String search;

    TrialRuns(Home home, String search) {
        this.home = home;
        this.ordinary = new TrackedRuns(home.tracking(), home.ledger());
        this.search = search;
    }

    @Override
    public void started(Transaction tx, RunRecord run) {
        ordinary.started(tx, run);
        home.tracking()
                .log(
                        tx,
                        run.runId(),
                        Batch.ofTags(
                                Map.of(
                                        SWEEP,
                                        search,
                                        Tracking.RUN_NAME,
                                        run.pipeline() + "-sweep-" + run.runId().substring(0, 8))));
    }

    @Override
    public void ended(Transaction tx, RunRecord run) {
        ordinary.ended(tx, run);
    }

    /** The id of the run of a configuration: the same whenever it is asked for. */
    static String id(String parent, int number) {
        return Digest.ofText("trial " + parent + " " + number).hex().substring(0, RUN_ID_DIGITS);
    }

    /**
     * Records what a configuration reached; the same once more changes nothing.
     *
     * @param step of the metrics: the budget of the rung, or 0
     */
    String told(String parent, int number, ObjectNode parameters, JsonNode metrics, long step) {
        String id = id(parent, number);
        home.database().writing(tx -> told(tx, parent, id, number, parameters, metrics, step));
        return id;
    }

    private void told(
            Transaction tx,
            String parent,
            String id,
            int number,
            ObjectNode parameters,
            JsonNode metrics,
            long step) {
        Tracking tracking = home.tracking();
        if (tracking.findRun(tx, id).isEmpty()) {
            String experiment = tracking.run(tx, parent).info().experimentId();
            Map<String, String> tags =
                    Map.of(PARENT, parent, "weir.trial", String.valueOf(number), SWEEP, search);
            tracking.start(
                    tx,
                    new NewRun(
                            id,
                            experiment,
                            number == 0 ? "file" : "trial-" + number,
                            home.actor().name(),
                            tags));
            tracking.log(tx, id, Batch.ofParams(texts(parameters)));
        }
        tracking.log(tx, id, Batch.ofMetrics(points(metrics, step)));
        tracking.end(tx, id, RunStatus.FINISHED);
    }

    /** Records who won, with the sweep's own run. */
    void won(String parent, int number, ObjectNode values, String metric, double figure) {
        Map<String, String> params = new TreeMap<>();
        texts(values).forEach((name, value) -> params.put("best_" + name, value));
        home.database()
                .writing(
                        tx ->
                                home.tracking()
                                        .log(
                                                tx,
                                                parent,
                                                new Batch(
                                                        params,
                                                        List.of(
                                                                Metric.of(
                                                                        "best_" + metric,
                                                                        figure,
                                                                        home.clock().millis())),
                                                        Map.of(
                                                                "weir.best_trial",
                                                                id(parent, number)))));
    }

    private List<Metric> points(JsonNode metrics, long step) {
        long now = home.clock().millis();
        List<Metric> points = new ArrayList<>();
        metrics.properties()
                .forEach(
                        e ->
                                points.add(
                                        new Metric(
                                                e.getKey(),
                                                new MetricPoint(
                                                        e.getValue().doubleValue(Double.NaN),
                                                        now,
                                                        step))));
        return points;
    }

    /** Parameters as tracking has them. */
    private static Map<String, String> texts(ObjectNode parameters) {
        Map<String, String> texts = new TreeMap<>();
        parameters
                .properties()
                .forEach(
                        e ->
                                texts.put(
                                        e.getKey(),
                                        e.getValue().isObject()
                                                ? e.getValue().toString()
                                                : e.getValue().asString()));
        return texts;
    }
}
