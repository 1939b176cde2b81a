package dev.weir.ml.tracking;

import dev.weir.base.digest.JsonTree;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rows of the datasets that runs used. */
final class RunInputDao {

    private final Transaction tx;
    private final Handle handle;
    private final String workspace;

    RunInputDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.handle = tx.handle();
        this.workspace = workspace;
    }

    void insert(String experimentId, String runId, RunInput input) {
        handle.execute(
                """
                insert into logged_dataset
                    (workspace, experiment_id, name, digest, source_type, source, schema, profile)
                values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing\
                """,
                workspace,
                experimentId,
                input.name(),
                input.digest(),
                input.sourceType(),
                input.source(),
                input.schema(),
                input.profile());
        handle.execute(
                """
                insert into run_input (run_id, name, digest, context, tags, position)
                values (?, ?, ?, ?, ?, (select count(*) from run_input where run_id = ?))
                on conflict (run_id, name, digest)
                do update set context = excluded.context, tags = excluded.tags\
                """,
                runId,
                input.name(),
                input.digest(),
                input.context(),
                JsonMapper.shared().writeValueAsString(new TreeMap<>(input.tags())),
                runId);
    }

    /** By the place of the run among those that are asked for, in the order of their recording. */
    List<List<RunInput>> of(List<RunInfo> runs) {
        List<List<RunInput>> inputs = new ArrayList<>(runs.size());
        runs.forEach(run -> inputs.add(new ArrayList<>()));
        List<String> ids = runs.stream().map(RunInfo::id).toList();
        new LoggedDao(tx)
                .inputs(
                        ids,
                        (run, row) ->
                                inputs.get(run)
                                        .add(
                                                new RunInput(
                                                        row.getString(2),
                                                        row.getString(3),
                                                        row.getString(4),
                                                        row.getString(5),
                                                        row.getString(6),
                                                        row.getString(7),
                                                        tags(row.getString(8)))));
        return inputs;
    }

    /** What the runs of an experiment used, by name. */
    List<DatasetUse> used(String experimentId, int limit) {
        return tx.all(
                """
                select distinct i.name, i.digest, i.context
                from run join run_input i on i.run_id = run.id
                where run.workspace = ? and run.experiment_id = ?
                order by i.name, i.digest, i.context limit ?\
                """,
                row ->
                        new DatasetUse(
                                experimentId, row.getString(1), row.getString(2), row.getString(3)),
                workspace,
                experimentId,
                limit);
    }

    private static Map<String, String> tags(String json) {
        return JsonTree.read(json).properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().stringValue()));
    }
}
