package dev.weir.ml.tracking;

import dev.weir.base.digest.JsonTree;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rows of the datasets that runs used. */
final class RunInputDao {

    private final Handle handle;
    private final String workspace;

    RunInputDao(Transaction tx, String workspace) {
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

    List<RunInput> of(RunInfo run) {
        return handle.select(
                        """
                        select d.name, d.digest, d.source_type, d.source, d.schema, d.profile,
                            i.tags
                        from run_input i
                        join logged_dataset d on d.workspace = ? and d.experiment_id = ?
                            and d.name = i.name and d.digest = i.digest
                        where i.run_id = ? order by i.position\
                        """,
                        workspace,
                        run.experimentId(),
                        run.id())
                .map(
                        (row, context) ->
                                new RunInput(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4),
                                        row.getString(5),
                                        row.getString(6),
                                        tags(row.getString(7))))
                .list();
    }

    private static Map<String, String> tags(String json) {
        return JsonTree.read(json).properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().stringValue()));
    }
}
