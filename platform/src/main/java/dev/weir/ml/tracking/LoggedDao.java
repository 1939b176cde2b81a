package dev.weir.ml.tracking;

import dev.weir.store.meta.Transaction;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What runs logged, read for many runs at once. Runs are asked for by the hundred, in few SQL
 * texts, so that the statements stay prepared.
 */
final class LoggedDao {
    private static final int MANY = 100;

    private static final String ONE_IDS = ids(1);
    private static final String MANY_IDS = ids(MANY);

    private final Transaction tx;

    LoggedDao(Transaction tx) {
        this.tx = tx;
    }

    /** Takes what was read: the run by its place among those that were asked for. */
    interface Values {
        void take(int run, String key, String value);
    }

    /** Takes the latest points of metrics: the run by its place among those that were asked for. */
    interface Latest {
        void take(int run, String key, MetricPoint point);
    }

    void params(List<String> runIds, Values each) {
        each(
                runIds,
                "select n, key, value from ids cross join param where run_id = id",
                (row, from) -> each.take(from + row.getInt(1), row.getString(2), row.getString(3)));
    }

    void tags(List<String> runIds, Values each) {
        each(
                runIds,
                "select n, key, value from ids cross join run_tag where run_id = id",
                (row, from) -> each.take(from + row.getInt(1), row.getString(2), row.getString(3)));
    }

    void metrics(List<String> runIds, Latest each) {
        each(
                runIds,
                "select n, key, undefined, value, timestamp_ms, step from ids"
                        + " cross join latest_metric where run_id = id",
                (row, from) ->
                        each.take(
                                from + row.getInt(1),
                                row.getString(2),
                                new MetricPoint(
                                        row.getInt(3) == 1 ? Double.NaN : row.getDouble(4),
                                        row.getLong(5),
                                        row.getLong(6))));
    }

    /** Takes a row: the run by its place among those that were asked for. */
    interface Inputs {
        void take(int run, ResultSet row) throws SQLException;
    }

    /** Name, digest, type of source, source, schema, profile and tags from column 2 on. */
    void inputs(List<String> runIds, Inputs each) {
        each(
                runIds,
                "select n, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, i.tags"
                        + " from ids cross join run_input i join run r on r.id = i.run_id join"
                        + " logged_dataset d on d.workspace = r.workspace and d.experiment_id ="
                        + " r.experiment_id and d.name = i.name and d.digest = i.digest where"
                        + " i.run_id = ids.id order by n, i.position",
                (row, from) -> each.take(from + row.getInt(1), row));
    }

    /** Id, role and step of models from column 2 on. */
    void models(List<String> runIds, Inputs each) {
        each(
                runIds,
                "select n, model_id, role, step from ids cross join run_model where run_id = id"
                        + " order by n, position",
                (row, from) -> each.take(from + row.getInt(1), row));
    }

    private interface Row {
        void of(ResultSet row, int from) throws SQLException;
    }

    private void each(List<String> runIds, String select, Row row) {
        int from = 0;
        while (from < runIds.size()) {
            int size = runIds.size() - from == 1 ? 1 : MANY;
            int first = from;
            List<String> some = runIds.subList(from, Math.min(from + size, runIds.size()));
            List<String> padded = new ArrayList<>(some);
            padded.addAll(Collections.nCopies(size - some.size(), "")); // the id of no run
            tx.each(
                    (size == 1 ? ONE_IDS : MANY_IDS) + select,
                    result -> row.of(result, first),
                    padded.toArray());
            from += some.size();
        }
    }

    private static String ids(int count) {
        StringBuilder values = new StringBuilder();
        for (int n = 0; n < count; n++) {
            values.append(n == 0 ? "(0, ?)" : ", (" + n + ", ?)");
        }
        return "with ids (n, id) as (values " + values + ") ";
    }
}
