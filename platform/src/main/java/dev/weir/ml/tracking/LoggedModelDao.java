package dev.weir.ml.tracking;

import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows of logged models, and of the runs that used or gave them. */
final class LoggedModelDao {
    private static final String OF_WORKSPACE =
            """
            select id, experiment_id, name, status, model_type, run_id, created_us, updated_us
            from logged_model where workspace = ? and deleted_us is null\
            """;

    private final Transaction tx;
    private final String workspace;

    LoggedModelDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.workspace = workspace;
    }

    void insert(LoggedModel model) {
        tx.update(
                """
                insert into logged_model
                    (id, workspace, experiment_id, name, status, model_type, run_id, created_us,
                     updated_us)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                model.id(),
                workspace,
                model.experimentId(),
                model.name(),
                model.status().name().toLowerCase(Locale.ROOT),
                model.type(),
                model.runId(),
                Times.micros(model.created()),
                Times.micros(model.updated()));
    }

    void status(String id, LoggedModel.Status status, Instant now) {
        tx.update(
                "update logged_model set status = ?, updated_us = ? where id = ?",
                status.name().toLowerCase(Locale.ROOT),
                Times.micros(now),
                id);
    }

    void delete(String id, Instant now) {
        tx.update("update logged_model set deleted_us = ? where id = ?", Times.micros(now), id);
    }

    void putParams(String id, Map<String, String> params) {
        put(
                "insert into logged_model_param (model_id, key, value) values (?, ?, ?)"
                        + " on conflict (model_id, key) do update set value = excluded.value",
                id,
                params);
    }

    void putTags(String id, Map<String, String> tags) {
        put(
                "insert into logged_model_tag (model_id, key, value) values (?, ?, ?)"
                        + " on conflict (model_id, key) do update set value = excluded.value",
                id,
                tags);
    }

    private void put(String sql, String id, Map<String, String> pairs) {
        if (!pairs.isEmpty()) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            pairs.forEach((key, value) -> rows.add(new @Nullable Object[] {id, key, value}));
            tx.updateEach(sql, rows);
        }
    }

    boolean deleteTag(String id, String key) {
        return tx.update("delete from logged_model_tag where model_id = ? and key = ?", id, key)
                == 1;
    }

    Optional<LoggedModel> ofId(String id) {
        return tx.first(OF_WORKSPACE + " and id = ?", this::model, workspace, id).map(this::whole);
    }

    List<LoggedModel> ofExperiments(List<String> experimentIds) {
        if (experimentIds.isEmpty()) {
            return List.of();
        }
        List<@Nullable Object> values = new ArrayList<>();
        values.add(workspace);
        values.addAll(experimentIds);
        List<LoggedModel> models = new ArrayList<>();
        tx.eachOnce(
                OF_WORKSPACE
                        + " and experiment_id in ("
                        + String.join(", ", Collections.nCopies(experimentIds.size(), "?"))
                        + ") order by created_us desc, id",
                row -> models.add(model(row)),
                values);
        return models.stream().map(this::whole).toList();
    }

    private LoggedModel model(ResultSet row) throws SQLException {
        return new LoggedModel(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                LoggedModel.Status.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                row.getString(5),
                row.getString(6),
                Times.instant(row.getLong(7)),
                Times.instant(row.getLong(8)),
                new TreeMap<>(),
                new TreeMap<>());
    }

    private LoggedModel whole(LoggedModel model) {
        pairs(
                "select key, value from logged_model_param where model_id = ?",
                model,
                model.params());
        pairs("select key, value from logged_model_tag where model_id = ?", model, model.tags());
        return model;
    }

    private void pairs(String sql, LoggedModel model, SortedMap<String, String> into) {
        tx.each(sql, row -> into.put(row.getString(1), row.getString(2)), model.id());
    }

    void use(String runId, List<ModelUse> uses) {
        for (ModelUse use : uses) {
            tx.update(
                    """
                    insert into run_model (run_id, model_id, role, step, position)
                    values (?, ?, ?, ?, (select count(*) from run_model where run_id = ?))
                    on conflict (run_id, role, model_id) do update set step = excluded.step\
                    """,
                    runId,
                    use.modelId(),
                    use.role().name().toLowerCase(Locale.ROOT),
                    use.step(),
                    runId);
        }
    }

    List<List<ModelUse>> uses(List<String> runIds) {
        List<List<ModelUse>> uses = new ArrayList<>(runIds.size());
        runIds.forEach(run -> uses.add(new ArrayList<>()));
        new LoggedDao(tx)
                .models(
                        runIds,
                        (run, row) ->
                                uses.get(run)
                                        .add(
                                                new ModelUse(
                                                        row.getString(2),
                                                        ModelUse.Role.valueOf(
                                                                row.getString(3)
                                                                        .toUpperCase(Locale.ROOT)),
                                                        row.getLong(4))));
        return uses;
    }
}
