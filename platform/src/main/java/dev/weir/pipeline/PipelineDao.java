package dev.weir.pipeline;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.JsonTree;
import dev.weir.store.blob.Artifact;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Runs, steps, attempts and results in the database. */
final class PipelineDao {
    private static final String RESULT =
            "select r.workspace, r.step, r.step_key, r.outputs, r.evidence, r.run_id from"
                    + " step_result r ";

    /** Logs lie below it; rows hold paths from here, so that a home may be moved. */
    private final Path logs;

    PipelineDao(Path logs) {
        this.logs = logs;
    }

    /** A run that is said to be running, as another process sees it. */
    record LiveRun(String runId, String workspace, ProcessIdentity process, Instant leaseUntil) {}

    static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : instant(micros);
    }

    // Runs

    void insertRun(Transaction tx, RunRecord run, ProcessIdentity process, Instant leaseUntil) {
        tx.update(
                "insert into pipeline_run (run_id, workspace, pipeline, status, trigger_kind,"
                    + " actor, process, lease_until_us, project, started_us) values (?, ?, ?, ?, ?,"
                    + " ?, ?, ?, ?, ?)",
                run.runId(),
                run.workspace(),
                run.pipeline(),
                run.status().text(),
                run.trigger(),
                run.actor(),
                process.text(),
                micros(leaseUntil),
                CanonicalJson.text(run.project()),
                micros(run.started()));
    }

    /** Ends a run, whatever others took it for: the process that carries it knows. */
    void endRun(
            Transaction tx, String runId, RunStatus status, Instant at, @Nullable String problem) {
        tx.update(
                "update pipeline_run set status = ?, ended_us = ?, problem = ? where run_id = ?",
                status.text(),
                micros(at),
                problem,
                runId);
    }

    /** Fails a run whose process is gone, unless it has given a sign of life since it was seen. */
    boolean loseRun(Transaction tx, LiveRun seen, Instant at, String problem) {
        return tx.update(
                        "update pipeline_run set status = 'failed', ended_us = ?, problem = ? where"
                                + " run_id = ? and status = 'running' and lease_until_us = ?",
                        micros(at),
                        problem,
                        seen.runId(),
                        micros(seen.leaseUntil()))
                == 1;
    }

    Optional<RunRecord> run(Transaction tx, String workspace, String runId) {
        return tx.first(
                "select * from pipeline_run where workspace = ? and run_id = ?",
                row -> run(row),
                workspace,
                runId);
    }

    List<RunRecord> runs(Transaction tx, String workspace, @Nullable String pipeline, int limit) {
        return tx.all(
                "select * from pipeline_run where workspace = ? and (? is null or pipeline = ?)"
                        + " order by started_us desc, run_id desc limit ?",
                row -> run(row),
                workspace,
                pipeline,
                pipeline,
                limit);
    }

    List<RunRecord> runsStarting(Transaction tx, String workspace, String beginning, int limit) {
        return tx.all(
                "select * from pipeline_run where workspace = ? and substr(run_id, 1, ?) = ? order"
                        + " by started_us desc, run_id desc limit ?",
                row -> run(row),
                workspace,
                beginning.length(),
                beginning,
                limit);
    }

    List<RunRecord> running(Transaction tx) {
        return tx.all("select * from pipeline_run where status = 'running'", row -> run(row));
    }

    private static RunRecord run(ResultSet row) throws SQLException {
        return new RunRecord(
                row.getString("run_id"),
                row.getString("workspace"),
                row.getString("pipeline"),
                RunStatus.parse(row.getString("status")),
                row.getString("trigger_kind"),
                row.getString("actor"),
                JsonTree.read(row.getString("project")),
                instant(row.getLong("started_us")),
                instantOrNull(row, "ended_us"),
                row.getString("problem"));
    }

    List<LiveRun> liveRuns(Transaction tx) {
        return tx.all(
                "select run_id, workspace, process, lease_until_us from pipeline_run where status ="
                        + " 'running'",
                row ->
                        new LiveRun(
                                row.getString("run_id"),
                                row.getString("workspace"),
                                ProcessIdentity.parse(row.getString("process")),
                                instant(row.getLong("lease_until_us"))));
    }

    void extendLease(Transaction tx, String runId, Instant until) {
        tx.update(
                "update pipeline_run set lease_until_us = ? where run_id = ? and status ="
                        + " 'running'",
                micros(until),
                runId);
    }

    // Steps of a run

    List<StepReport> steps(Transaction tx, String runId) {
        return tx.all(
                "select s.*, (select a.log from attempt a where a.run_id = s.run_id and a.step ="
                        + " s.step order by a.number desc limit 1) as log from run_step s where"
                        + " s.run_id = ? order by s.position",
                row -> {
                    String log = row.getString("log");
                    return new StepReport(
                            row.getString("step"),
                            row.getString("stage"),
                            Outcome.parse(row.getString("outcome")),
                            row.getString("step_key"),
                            instant(row.getLong("started_us")),
                            instant(row.getLong("ended_us")),
                            row.getString("reason"),
                            log == null ? null : logs.resolve(log));
                },
                runId);
    }

    // Results

    /** The results that the last run of a pipeline ended with, by key. */
    Map<String, StepResult> lastResults(Transaction tx, String workspace, String pipeline) {
        Map<String, StepResult> results = new HashMap<>();
        tx.all(
                        RESULT
                                + "join run_step s on s.step_key = r.step_key where r.workspace = ?"
                                + " and s.run_id = (select run_id from pipeline_run where workspace"
                                + " = ? and pipeline = ? order by started_us desc, run_id desc"
                                + " limit 1)",
                        row -> result(row),
                        workspace,
                        workspace,
                        pipeline)
                .forEach(r -> results.put(r.key(), r));
        return results;
    }

    /** All results, for what keeps artifacts alive. */
    List<CachedResult> results(Transaction tx) {
        return tx.all(RESULT, row -> cached(row));
    }

    private static CachedResult cached(ResultSet row) throws SQLException {
        return new CachedResult(row.getString("workspace"), row.getString("step"), result(row));
    }

    void deleteResult(Transaction tx, CachedResult result) {
        tx.update(
                "delete from step_result where workspace = ? and step_key = ?",
                result.workspace(),
                result.result().key());
    }

    /** Results that a run met, or that were made, since then. */
    List<CachedResult> resultsMetSince(Transaction tx, Instant since) {
        return tx.all(
                RESULT
                        + "where r.created_us >= ? or exists (select 1 from run_step s join"
                        + " pipeline_run p on p.run_id = s.run_id where s.step_key = r.step_key and"
                        + " p.workspace = r.workspace and p.started_us >= ?)",
                row -> cached(row),
                micros(since),
                micros(since));
    }

    static StepResult result(ResultSet row) throws SQLException {
        SortedMap<String, Artifact> outputs = new TreeMap<>();
        JsonTree.read(row.getString("outputs"))
                .properties()
                .forEach(e -> outputs.put(e.getKey(), Artifact.parse(e.getValue().stringValue())));
        return new StepResult(
                row.getString("step_key"),
                outputs,
                evidence(row.getString("evidence")),
                row.getString("run_id"));
    }

    /** Most steps are programs, which measure nothing. */
    private static JsonNode evidence(String json) {
        return json.equals("{}") ? JsonNodeFactory.instance.objectNode() : JsonTree.read(json);
    }

    /** Deletes results that no run newer than the given time met; returns how many. */
    int deleteResultsNotMetSince(Transaction tx, Instant since) {
        return tx.update(
                "delete from step_result where created_us < ? and not exists (select 1 from"
                    + " run_step s join pipeline_run p on p.run_id = s.run_id where s.step_key ="
                    + " step_result.step_key and p.workspace = step_result.workspace and"
                    + " p.started_us >= ?)",
                micros(since),
                micros(since));
    }

    // Keys

    /** The components of the newest key that a step of a pipeline ran or was met under. */
    Optional<SortedMap<String, String>> lastComponents(
            Transaction tx, String workspace, String pipeline, String step) {
        return tx.first(
                        "select k.components from run_step s join pipeline_run p on p.run_id ="
                            + " s.run_id join step_key k on k.workspace = p.workspace and"
                            + " k.step_key = s.step_key where p.workspace = ? and p.pipeline = ?"
                            + " and s.step = ? order by p.started_us desc limit 1",
                        row -> row.getString(1),
                        workspace,
                        pipeline,
                        step)
                .map(
                        text -> {
                            SortedMap<String, String> components = new TreeMap<>();
                            JsonTree.read(text)
                                    .properties()
                                    .forEach(
                                            e ->
                                                    components.put(
                                                            e.getKey(),
                                                            e.getValue().stringValue()));
                            return components;
                        });
    }
}
