package dev.weir.pipeline;

import static dev.weir.pipeline.PipelineDao.instant;
import static dev.weir.pipeline.PipelineDao.instantOrNull;
import static dev.weir.pipeline.PipelineDao.micros;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.store.blob.Artifact;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Attempts, their results and keys, and what became of steps. All that is written or asked for
 * every step stands here, on statements that are prepared once.
 */
final class AttemptDao {
    private static final String RUNNING =
            "select 1 from attempt where attempt_id = ? and state = 'running'";
    private static final String RESULT =
            "select step_key, outputs, evidence, run_id from step_result"
                    + " where workspace = ? and step_key = ?";
    private static final String IN_USE =
            "select coalesce(sum(cpu), 0), coalesce(sum(memory_bytes), 0), coalesce(sum(gpu), 0)"
                    + " from attempt where host = ? and state = 'running'";
    private static final String SAVE_KEY =
            "insert into step_key (workspace, step_key, components) values (?, ?, ?)"
                    + " on conflict (workspace, step_key) do nothing";
    private static final String START =
            "insert into attempt (attempt_id, workspace, run_id, step, number, step_key, state,"
                    + " process, host, cpu, memory_bytes, gpu, lease_until_us, started_us, log,"
                    + " token) values (?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?,"
                    + " (select coalesce(max(token), 0) + 1 from attempt where workspace = ? and"
                    + " step_key = ?)) on conflict do nothing";
    private static final String END =
            "update attempt set state = ?, ended_us = ?, reason = ?"
                    + " where attempt_id = ? and state = 'running'";
    private static final String LOSE = END + " and lease_until_us = ?";
    private static final String EXTEND =
            "update attempt set lease_until_us = ? where attempt_id = ? and state = 'running'";
    private static final String SAVE_RESULT =
            "insert into step_result (workspace, step_key, step, outputs, evidence, run_id,"
                    + " attempt_id, created_us) values (?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict (workspace, step_key) do update set outputs ="
                    + " excluded.outputs, evidence = excluded.evidence, run_id = excluded.run_id,"
                    + " attempt_id = excluded.attempt_id, created_us = excluded.created_us";
    private static final String SAVE_STEP =
            "insert into run_step (run_id, step, position, stage, outcome, step_key, started_us,"
                    + " ended_us, reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict (run_id, step) do update set outcome = excluded.outcome,"
                    + " step_key = excluded.step_key, started_us = excluded.started_us, ended_us ="
                    + " excluded.ended_us, reason = excluded.reason";

    /** Logs lie below it; rows hold paths from here, so that a home may be moved. */
    private final Path logs;

    AttemptDao(Path logs) {
        this.logs = logs;
    }

    /** A live attempt as another process sees it. */
    record Live(String attemptId, ProcessIdentity process, long leaseUntilMicros) {
        Instant leaseUntil() {
            return instant(leaseUntilMicros);
        }
    }

    List<Live> live(Transaction tx) {
        return tx.all(
                "select attempt_id, process, lease_until_us from attempt where state = 'running'",
                row ->
                        new Live(
                                row.getString("attempt_id"),
                                ProcessIdentity.parse(row.getString("process")),
                                row.getLong("lease_until_us")));
    }

    boolean isRunning(Transaction tx, String attemptId) {
        return tx.first(RUNNING, row -> true, attemptId).isPresent();
    }

    /** What live attempts on a host use. */
    Resources inUse(Transaction tx, String host) {
        return tx.first(
                        IN_USE,
                        row -> new Resources(row.getDouble(1), row.getLong(2), row.getInt(3)),
                        host)
                .orElse(Resources.NONE);
    }

    /**
     * Starts an attempt: a lease, and a token above that of every earlier attempt at this key.
     *
     * @return false where another attempt at the key is running
     */
    boolean start(
            Transaction tx,
            RunRequest request,
            Attempt attempt,
            Step step,
            int number,
            String key,
            ProcessIdentity process,
            Instant now,
            Instant leaseUntil) {
        return tx.update(
                        START,
                        attempt.id(),
                        request.workspace(),
                        request.runId(),
                        step.name(),
                        number,
                        key,
                        process.text(),
                        process.host(),
                        step.resources().cpu(),
                        step.resources().memoryBytes(),
                        step.resources().gpu(),
                        micros(leaseUntil),
                        micros(now),
                        logs.relativize(attempt.log()).toString(),
                        request.workspace(),
                        key)
                == 1;
    }

    /**
     * Ends an attempt that is running. The attempt's id stands for its token: a newer attempt at
     * the key can only start after this one was marked lost.
     *
     * @return false where it was not running any more: a late writer
     */
    boolean end(
            Transaction tx,
            String attemptId,
            AttemptState state,
            Instant at,
            @Nullable String why) {
        return tx.update(END, state.text(), micros(at), why, attemptId) == 1;
    }

    /** Marks an attempt lost, unless it has given a sign of life since it was seen. */
    boolean lose(Transaction tx, Live seen, Instant at, String why) {
        return tx.update(
                        LOSE,
                        AttemptState.LOST.text(),
                        micros(at),
                        why,
                        seen.attemptId(),
                        seen.leaseUntilMicros())
                == 1;
    }

    /** Extends leases; returns the attempts among these that are not running any more. */
    List<String> extendLeases(Transaction tx, Collection<String> attemptIds, Instant until) {
        List<String> lost = new ArrayList<>();
        for (String attemptId : attemptIds) {
            if (tx.update(EXTEND, micros(until), attemptId) == 0) {
                lost.add(attemptId);
            }
        }
        return lost;
    }

    List<AttemptReport> attempts(Transaction tx, String runId) {
        return tx.all(
                "select * from attempt where run_id = ? order by started_us, step, number",
                row -> attempt(row),
                runId);
    }

    List<AttemptReport> attemptsEndedBefore(Transaction tx, Instant then) {
        return tx.all(
                "select * from attempt where ended_us < ?", row -> attempt(row), micros(then));
    }

    private AttemptReport attempt(ResultSet row) throws SQLException {
        return new AttemptReport(
                row.getString("attempt_id"),
                row.getString("step"),
                row.getInt("number"),
                row.getString("state"),
                instant(row.getLong("started_us")),
                instantOrNull(row, "ended_us"),
                row.getString("reason"),
                logs.resolve(row.getString("log")));
    }

    // Keys and results

    void saveKey(Transaction tx, String workspace, StepKey key) {
        ObjectNode components = JsonNodeFactory.instance.objectNode();
        key.components().forEach(components::put);
        tx.update(SAVE_KEY, workspace, key.hex(), CanonicalJson.text(components));
    }

    Optional<StepResult> result(Transaction tx, String workspace, String key) {
        return tx.first(RESULT, PipelineDao::result, workspace, key);
    }

    void saveResult(
            Transaction tx,
            String workspace,
            String step,
            StepResult result,
            String attemptId,
            Instant at) {
        tx.update(
                SAVE_RESULT,
                workspace,
                result.key(),
                step,
                outputs(result.outputs()),
                CanonicalJson.text(result.evidence()),
                result.runId(),
                attemptId,
                micros(at));
    }

    private static String outputs(SortedMap<String, Artifact> outputs) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        outputs.forEach((name, artifact) -> json.put(name, artifact.toString()));
        return CanonicalJson.text(json);
    }

    /** What became of a step, with its position in the pipeline. */
    record Placed(StepReport step, int position) {}

    void saveSteps(Transaction tx, String runId, List<Placed> steps) {
        for (Placed placed : steps) {
            StepReport step = placed.step();
            tx.update(
                    SAVE_STEP,
                    runId,
                    step.step(),
                    placed.position(),
                    step.stage(),
                    step.outcome().text(),
                    step.key(),
                    micros(step.started()),
                    micros(step.ended()),
                    step.reason());
        }
    }
}
