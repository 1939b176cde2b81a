package dev.weir.ml.tracking;

import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
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
            values (?, ?, ?, ?, ?, cast(? as double precision), ?, ?, 0)
            on conflict (run_id, key) do update set
                repeats = case
                    when (latest_metric.step, latest_metric.timestamp_ms)
                         < (cast(? as bigint), cast(? as bigint))
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

    private static final String HISTORY =
            """
            insert into metric_calls (run_id, key, seq, points)
            values (?, ?, (select coalesce(max(seq), 0) + 1 from metric_calls
                where run_id = ? and key = ?), ?)\
            """;

    private final Transaction tx;

    MetricDao(Transaction tx) {
        this.tx = tx;
    }

    /**
     * Adds points to a run's history.
     *
     * @param byKey what one call logs, or several, one after another; not empty
     */
    void append(String workspace, String experimentId, String runId, Map<String, Points> byKey) {
        List<@Nullable Object[]> histories = new ArrayList<>(byKey.size());
        List<@Nullable Object[]> latest = new ArrayList<>(byKey.size());
        byKey.forEach(
                (key, points) -> {
                    histories.add(new @Nullable Object[] {runId, key, runId, key, points.packed()});
                    MetricPoint newest = points.newest();
                    MetricPoint first = points.first();
                    boolean undefined = Double.isNaN(newest.value());
                    latest.add(
                            new @Nullable Object[] {
                                runId,
                                key,
                                workspace,
                                experimentId,
                                undefined ? 1 : 0,
                                undefined ? null : (Double) newest.value(),
                                newest.step(),
                                newest.timestampMs(),
                                first.step(),
                                first.timestampMs()
                            });
                });
        tx.updateEach(HISTORY, histories);
        tx.updateEach(LATEST, latest);
    }

    /** In logged order, a point that was logged twice once. */
    List<MetricPoint> history(String runId, String key) {
        List<MetricPoint> points = new ArrayList<>();
        for (byte[] packed :
                tx.all(
                        "select points from metric_calls where run_id = ? and key = ?"
                                + " order by seq",
                        row -> row.getBytes(1),
                        runId,
                        key)) {
            Points.unpack(packed, points::add);
        }
        return repeats(runId, key) ? List.copyOf(new LinkedHashSet<>(points)) : points;
    }

    /** Whether the history may hold a point twice. */
    boolean repeats(String runId, String key) {
        return tx.first(
                                "select repeats from latest_metric where run_id = ? and key = ?",
                                row -> row.getInt(1),
                                runId,
                                key)
                        .orElse(0)
                == 1;
    }

    /** Packed points of one call; their number grows from call to call. */
    record Packed(long seq, byte[] points) {}

    /** What calls logged from the one of this number on, at most so many. */
    List<Packed> packedFrom(String runId, String key, long seq, int calls) {
        return tx.all(
                """
                select seq, points from metric_calls
                where run_id = ? and key = ? and seq >= ? order by seq limit ?\
                """,
                row -> new Packed(row.getLong(1), row.getBytes(2)),
                runId,
                key,
                seq,
                calls);
    }
}
