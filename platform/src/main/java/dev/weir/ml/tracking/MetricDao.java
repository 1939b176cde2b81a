package dev.weir.ml.tracking;

import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Rows of metrics: packed history, and the latest point of each key. */
final class MetricDao {
    /**
     * Greater by (step, timestamp, number above NaN, value) wins. A point may repeat an earlier one
     * only where the first of the new ones is not above the latest.
     */
    private static final String LATEST =
            """
            insert into latest_metric
                (run_id, key, workspace, experiment_id, undefined, value, step, timestamp_ms,
                 repeats)
            values (:run, :key, :workspace, :experiment, :undefined, :value, :step, :ms, 0)
            on conflict (run_id, key) do update set
                repeats = case
                    when (latest_metric.step, latest_metric.timestamp_ms)
                         < (cast(:firstStep as bigint), cast(:firstMs as bigint))
                    then latest_metric.repeats else 1 end,
                undefined = case when BEATS then excluded.undefined
                    else latest_metric.undefined end,
                value = case when BEATS then excluded.value else latest_metric.value end,
                step = case when BEATS then excluded.step else latest_metric.step end,
                timestamp_ms = case when BEATS then excluded.timestamp_ms
                    else latest_metric.timestamp_ms end\
            """
                    .replace(
                            "BEATS",
                            """
                            (excluded.step, excluded.timestamp_ms, 1 - excluded.undefined,
                             coalesce(excluded.value, 0))
                            > (latest_metric.step, latest_metric.timestamp_ms,
                               1 - latest_metric.undefined, coalesce(latest_metric.value, 0))\
                            """);

    private final Handle handle;

    MetricDao(Transaction tx) {
        this.handle = tx.handle();
    }

    /**
     * Adds points to a run's history.
     *
     * @param byKey not empty; each set not empty, in logged order
     */
    void append(
            String workspace,
            String experimentId,
            String runId,
            Map<String, LinkedHashSet<MetricPoint>> byKey) {
        try (PreparedBatch history =
                        handle.prepareBatch(
                                "insert into metric_points (run_id, key, points)"
                                        + " values (?, ?, ?)");
                PreparedBatch latest = handle.prepareBatch(LATEST)) {
            byKey.forEach(
                    (key, points) -> {
                        history.add(runId, key, Points.pack(points));
                        MetricPoint newest = Collections.max(points);
                        MetricPoint first = Collections.min(points);
                        boolean undefined = Double.isNaN(newest.value());
                        latest.bind("run", runId)
                                .bind("key", key)
                                .bind("workspace", workspace)
                                .bind("experiment", experimentId)
                                .bind("undefined", undefined ? 1 : 0)
                                .bind("value", undefined ? null : (Double) newest.value())
                                .bind("step", newest.step())
                                .bind("ms", newest.timestampMs())
                                .bind("firstStep", first.step())
                                .bind("firstMs", first.timestampMs())
                                .add();
                    });
            history.execute();
            latest.execute();
        }
    }

    /** In logged order, a point that was logged twice once. */
    List<MetricPoint> history(String runId, String key) {
        boolean repeats =
                handle.select(
                                        "select repeats from latest_metric where run_id = ? and key"
                                                + " = ?",
                                        runId,
                                        key)
                                .mapTo(Integer.class)
                                .findOne()
                                .orElse(0)
                        == 1;
        List<MetricPoint> points = new ArrayList<>();
        handle.select(
                        "select points from metric_points where run_id = ? and key = ?"
                                + " order by seq",
                        runId,
                        key)
                .map((row, context) -> row.getBytes(1))
                .forEach(packed -> Points.unpack(packed, points::add));
        return repeats ? List.copyOf(new LinkedHashSet<>(points)) : points;
    }

    /** The latest points by run and key. */
    Map<String, Map<String, MetricPoint>> latest(List<String> runIds) {
        return handle.createQuery(
                        """
                        select run_id, key, undefined, value, timestamp_ms, step
                        from latest_metric where run_id in (<ids>)\
                        """)
                .bindList("ids", runIds)
                .reduceResultSet(
                        new HashMap<>(),
                        (found, row, context) -> {
                            double value = row.getInt(3) == 1 ? Double.NaN : row.getDouble(4);
                            found.computeIfAbsent(row.getString(1), id -> new HashMap<>())
                                    .put(
                                            row.getString(2),
                                            new MetricPoint(value, row.getLong(5), row.getLong(6)));
                            return found;
                        });
    }
}
