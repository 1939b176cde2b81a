package dev.weir.pipeline;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.store.blob.Artifact;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Runs, steps, attempts and results in the database. */
final class PipelineDao {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String RESULT =
            "select r.workspace, r.step, r.step_key, r.outputs, r.evidence, r.run_id from"
                    + " step_result r ";

    /** Logs lie below it; rows hold paths from here, so that a home may be moved. */
    private final Path logs;

    PipelineDao(Path logs) {
        this.logs = logs;
    }

    /** A live attempt as another process sees it. */
    record Live(
            String attemptId,
            String runId,
            String step,
            ProcessIdentity process,
            Resources resources,
            Instant leaseUntil) {}

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column)
            throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : instant(micros);
    }

    // Runs

    void insertRun(Transaction tx, RunRecord run, ProcessIdentity process, Instant leaseUntil) {
        tx.handle()
                .createUpdate(
                        "insert into pipeline_run (run_id, workspace, pipeline, status,"
                                + " trigger_kind, actor, process, lease_until_us, project,"
                                + " started_us) values (:id, :workspace, :pipeline, :status,"
                                + " :trigger, :actor, :process, :lease, :project, :started)")
                .bind("id", run.runId())
                .bind("workspace", run.workspace())
                .bind("pipeline", run.pipeline())
                .bind("status", run.status().text())
                .bind("trigger", run.trigger())
                .bind("actor", run.actor())
                .bind("process", process.text())
                .bind("lease", micros(leaseUntil))
                .bind("project", CanonicalJson.text(run.project()))
                .bind("started", micros(run.started()))
                .execute();
    }

    /** Ends a run that is running; false where it has ended already. */
    boolean endRun(
            Transaction tx, String runId, RunStatus status, Instant at, @Nullable String problem) {
        return tx.handle()
                        .createUpdate(
                                "update pipeline_run set status = :status, ended_us = :at, problem"
                                        + " = :problem where run_id = :id and status = 'running'")
                        .bind("status", status.text())
                        .bind("at", micros(at))
                        .bind("problem", problem)
                        .bind("id", runId)
                        .execute()
                == 1;
    }

    Optional<RunRecord> run(Transaction tx, String workspace, String runId) {
        return tx.handle()
                .createQuery(
                        "select * from pipeline_run where workspace = :workspace and run_id = :id")
                .bind("workspace", workspace)
                .bind("id", runId)
                .map((row, context) -> run(row))
                .findFirst();
    }

    List<RunRecord> runs(Transaction tx, String workspace, @Nullable String pipeline, int limit) {
        return tx.handle()
                .createQuery(
                        "select * from pipeline_run where workspace = :workspace and (:pipeline is"
                            + " null or pipeline = :pipeline) order by started_us desc, run_id desc"
                            + " limit :limit")
                .bind("workspace", workspace)
                .bind("pipeline", pipeline)
                .bind("limit", limit)
                .map((row, context) -> run(row))
                .list();
    }

    List<RunRecord> runsStarting(Transaction tx, String workspace, String beginning, int limit) {
        return tx.handle()
                .createQuery(
                        "select * from pipeline_run where workspace = :workspace and substr(run_id,"
                                + " 1, :length) = :beginning order by started_us desc, run_id desc"
                                + " limit :limit")
                .bind("workspace", workspace)
                .bind("length", beginning.length())
                .bind("beginning", beginning)
                .bind("limit", limit)
                .map((row, context) -> run(row))
                .list();
    }

    List<RunRecord> running(Transaction tx) {
        return tx.handle()
                .createQuery("select * from pipeline_run where status = 'running'")
                .map((row, context) -> run(row))
                .list();
    }

    private static RunRecord run(ResultSet row) throws SQLException {
        return new RunRecord(
                row.getString("run_id"),
                row.getString("workspace"),
                row.getString("pipeline"),
                RunStatus.parse(row.getString("status")),
                row.getString("trigger_kind"),
                row.getString("actor"),
                JSON.readTree(row.getString("project")),
                instant(row.getLong("started_us")),
                instantOrNull(row, "ended_us"),
                row.getString("problem"));
    }

    /** Runs that are said to be running, with the process that carries each and its lease. */
    List<Live> liveRuns(Transaction tx) {
        return tx.handle()
                .createQuery(
                        "select run_id, workspace, process, lease_until_us from pipeline_run where"
                                + " status = 'running'")
                .map(
                        (row, context) ->
                                new Live(
                                        "",
                                        row.getString("run_id"),
                                        row.getString("workspace"),
                                        ProcessIdentity.parse(row.getString("process")),
                                        Resources.ONE_CORE,
                                        instant(row.getLong("lease_until_us"))))
                .list();
    }

    /**
     * Extends the leases of a run; returns the attempts among these that are not running any more.
     */
    List<String> extendLeases(
            Transaction tx, String runId, Collection<String> attemptIds, Instant until) {
        tx.handle()
                .createUpdate(
                        "update pipeline_run set lease_until_us = :until where run_id = :id and"
                                + " status = 'running'")
                .bind("until", micros(until))
                .bind("id", runId)
                .execute();
        List<String> lost = new ArrayList<>();
        for (String attemptId : attemptIds) {
            int extended =
                    tx.handle()
                            .createUpdate(
                                    "update attempt set lease_until_us = :until where attempt_id ="
                                            + " :id and state = 'running'")
                            .bind("until", micros(until))
                            .bind("id", attemptId)
                            .execute();
            if (extended == 0) {
                lost.add(attemptId);
            }
        }
        return lost;
    }

    // Steps of a run

    void saveSteps(Transaction tx, String runId, Map<StepReport, Integer> positions) {
        if (positions.isEmpty()) {
            return;
        }
        PreparedBatch batch =
                tx.handle()
                        .prepareBatch(
                                "insert into run_step (run_id, step, position, stage, outcome,"
                                    + " step_key, started_us, ended_us, reason) values (:run,"
                                    + " :step, :position, :stage, :outcome, :key, :started, :ended,"
                                    + " :reason) on conflict (run_id, step) do update set outcome ="
                                    + " excluded.outcome, step_key = excluded.step_key, started_us"
                                    + " = excluded.started_us, ended_us = excluded.ended_us, reason"
                                    + " = excluded.reason");
        positions.forEach(
                (step, position) ->
                        batch.bind("run", runId)
                                .bind("step", step.step())
                                .bind("position", position)
                                .bind("stage", step.stage())
                                .bind("outcome", step.outcome().text())
                                .bind("key", step.key())
                                .bind("started", micros(step.started()))
                                .bind("ended", micros(step.ended()))
                                .bind("reason", step.reason())
                                .add());
        batch.execute();
    }

    List<StepReport> steps(Transaction tx, String runId) {
        return tx.handle()
                .createQuery(
                        "select s.*, (select a.log from attempt a where a.run_id = s.run_id and"
                                + " a.step = s.step order by a.number desc limit 1) as log from"
                                + " run_step s where s.run_id = :run order by s.position")
                .bind("run", runId)
                .map(
                        (row, context) -> {
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
                        })
                .list();
    }

    // Results

    Optional<StepResult> result(Transaction tx, String workspace, String key) {
        return tx.handle()
                .createQuery(RESULT + "where r.workspace = :workspace and r.step_key = :key")
                .bind("workspace", workspace)
                .bind("key", key)
                .map((row, context) -> result(row))
                .findFirst();
    }

    /** The results that the last run of a pipeline ended with, by key. */
    Map<String, StepResult> lastResults(Transaction tx, String workspace, String pipeline) {
        Map<String, StepResult> results = new HashMap<>();
        tx.handle()
                .createQuery(
                        RESULT
                                + "join run_step s on s.step_key = r.step_key where r.workspace ="
                                + " :workspace and s.run_id = (select run_id from pipeline_run"
                                + " where workspace = :workspace and pipeline = :pipeline order by"
                                + " started_us desc, run_id desc limit 1)")
                .bind("workspace", workspace)
                .bind("pipeline", pipeline)
                .map((row, context) -> result(row))
                .forEach(r -> results.put(r.key(), r));
        return results;
    }

    /** All results, for what keeps artifacts alive. */
    List<CachedResult> results(Transaction tx) {
        return tx.handle().createQuery(RESULT).map((row, context) -> cached(row)).list();
    }

    private static CachedResult cached(ResultSet row) throws SQLException {
        return new CachedResult(row.getString("workspace"), row.getString("step"), result(row));
    }

    void deleteResult(Transaction tx, CachedResult result) {
        tx.handle()
                .createUpdate(
                        "delete from step_result where workspace = :workspace and step_key = :key")
                .bind("workspace", result.workspace())
                .bind("key", result.result().key())
                .execute();
    }

    /** Results that a run met, or that were made, since then. */
    List<CachedResult> resultsMetSince(Transaction tx, Instant since) {
        return tx.handle()
                .createQuery(
                        RESULT
                                + "where r.created_us >= :since or exists (select 1 from run_step s"
                                + " join pipeline_run p on p.run_id = s.run_id where s.step_key ="
                                + " r.step_key and p.workspace = r.workspace and p.started_us >="
                                + " :since)")
                .bind("since", micros(since))
                .map((row, context) -> cached(row))
                .list();
    }

    private static StepResult result(ResultSet row) throws SQLException {
        SortedMap<String, Artifact> outputs = new TreeMap<>();
        JSON.readTree(row.getString("outputs"))
                .properties()
                .forEach(e -> outputs.put(e.getKey(), Artifact.parse(e.getValue().stringValue())));
        return new StepResult(
                row.getString("step_key"),
                outputs,
                JSON.readTree(row.getString("evidence")),
                row.getString("run_id"));
    }

    private static String outputs(SortedMap<String, Artifact> outputs) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        outputs.forEach((name, artifact) -> json.put(name, artifact.toString()));
        return CanonicalJson.text(json);
    }

    /** Deletes results that no run newer than the given time met; returns how many. */
    int deleteResultsNotMetSince(Transaction tx, Instant since) {
        return tx.handle()
                .createUpdate(
                        "delete from step_result where created_us < :since and not exists (select 1"
                            + " from run_step s join pipeline_run p on p.run_id = s.run_id where"
                            + " s.step_key = step_result.step_key and p.workspace ="
                            + " step_result.workspace and p.started_us >= :since)")
                .bind("since", micros(since))
                .execute();
    }

    // Keys

    void saveKey(Transaction tx, String workspace, StepKey key) {
        ObjectNode components = JsonNodeFactory.instance.objectNode();
        key.components().forEach(components::put);
        tx.handle()
                .createUpdate(
                        "insert into step_key (workspace, step_key, components) values (:workspace,"
                                + " :key, :components) on conflict (workspace, step_key) do"
                                + " nothing")
                .bind("workspace", workspace)
                .bind("key", key.hex())
                .bind("components", CanonicalJson.text(components))
                .execute();
    }

    /** The components of the newest key that a step of a pipeline ran or was met under. */
    Optional<SortedMap<String, String>> lastComponents(
            Transaction tx, String workspace, String pipeline, String step) {
        return tx.handle()
                .createQuery(
                        "select k.components from run_step s join pipeline_run p on p.run_id ="
                                + " s.run_id join step_key k on k.workspace = p.workspace and"
                                + " k.step_key = s.step_key where p.workspace = :workspace and"
                                + " p.pipeline = :pipeline and s.step = :step order by p.started_us"
                                + " desc limit 1")
                .bind("workspace", workspace)
                .bind("pipeline", pipeline)
                .bind("step", step)
                .mapTo(String.class)
                .findFirst()
                .map(
                        text -> {
                            SortedMap<String, String> components = new TreeMap<>();
                            JSON.readTree(text)
                                    .properties()
                                    .forEach(
                                            e ->
                                                    components.put(
                                                            e.getKey(),
                                                            e.getValue().stringValue()));
                            return components;
                        });
    }

    // Attempts

    List<Live> liveAttempts(Transaction tx) {
        return tx.handle()
                .createQuery("select * from attempt where state = 'running'")
                .map(
                        (row, context) ->
                                new Live(
                                        row.getString("attempt_id"),
                                        row.getString("run_id"),
                                        row.getString("step"),
                                        ProcessIdentity.parse(row.getString("process")),
                                        new Resources(
                                                row.getDouble("cpu"),
                                                row.getLong("memory_bytes"),
                                                row.getInt("gpu")),
                                        instant(row.getLong("lease_until_us"))))
                .list();
    }

    boolean keyIsLive(Transaction tx, String workspace, String key) {
        return tx.handle()
                .createQuery(
                        "select 1 from attempt where workspace = :workspace and step_key = :key and"
                                + " state = 'running'")
                .bind("workspace", workspace)
                .bind("key", key)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** What live attempts on a host use. */
    Resources inUse(Transaction tx, String host) {
        return tx.handle()
                .createQuery(
                        "select coalesce(sum(cpu), 0) as cpu, coalesce(sum(memory_bytes), 0) as"
                                + " memory, coalesce(sum(gpu), 0) as gpu from attempt where host ="
                                + " :host and state = 'running'")
                .bind("host", host)
                .map(
                        (row, context) ->
                                new Resources(
                                        row.getDouble("cpu"),
                                        row.getLong("memory"),
                                        row.getInt("gpu")))
                .one();
    }

    /** Starts an attempt: a lease, and a token above that of every earlier attempt at this key. */
    void insertAttempt(
            Transaction tx,
            RunRequest request,
            Attempt attempt,
            Step step,
            int number,
            String key,
            ProcessIdentity process,
            Instant now,
            Instant leaseUntil) {
        tx.handle()
                .createUpdate(
                        "insert into attempt (attempt_id, workspace, run_id, step, number,"
                                + " step_key, token, state, process, host, cpu, memory_bytes, gpu,"
                                + " lease_until_us, started_us, log) select :id, :workspace, :run,"
                                + " :step, :number, :key, coalesce(max(token), 0) + 1, 'running',"
                                + " :process, :host, :cpu, :memory, :gpu, :lease, :now, :log from"
                                + " attempt where workspace = :workspace and step_key = :key")
                .bind("id", attempt.id())
                .bind("workspace", request.workspace())
                .bind("run", request.runId())
                .bind("step", step.name())
                .bind("number", number)
                .bind("key", key)
                .bind("process", process.text())
                .bind("host", process.host())
                .bind("cpu", step.resources().cpu())
                .bind("memory", step.resources().memoryBytes())
                .bind("gpu", step.resources().gpu())
                .bind("lease", micros(leaseUntil))
                .bind("now", micros(now))
                .bind("log", logs.relativize(attempt.log()).toString())
                .execute();
    }

    /**
     * Ends an attempt that is running. The attempt's id stands for its token: a newer attempt at
     * the key can only start after this one was marked lost.
     *
     * @return false where it was not running any more: a late writer
     */
    boolean endAttempt(
            Transaction tx,
            String attemptId,
            AttemptState state,
            Instant at,
            @Nullable String why) {
        return tx.handle()
                        .createUpdate(
                                "update attempt set state = :state, ended_us = :at, reason = :why"
                                        + " where attempt_id = :id and state = 'running'")
                        .bind("state", state.text())
                        .bind("at", micros(at))
                        .bind("why", why)
                        .bind("id", attemptId)
                        .execute()
                == 1;
    }

    void saveResult(
            Transaction tx,
            String workspace,
            String step,
            StepResult result,
            String attemptId,
            Instant at) {
        tx.handle()
                .createUpdate(
                        "insert into step_result (workspace, step_key, step, outputs, evidence,"
                            + " run_id, attempt_id, created_us) values (:workspace, :key, :step,"
                            + " :outputs, :evidence, :run, :attempt, :at) on conflict (workspace,"
                            + " step_key) do update set outputs = excluded.outputs, evidence ="
                            + " excluded.evidence, run_id = excluded.run_id, attempt_id ="
                            + " excluded.attempt_id, created_us = excluded.created_us")
                .bind("workspace", workspace)
                .bind("key", result.key())
                .bind("step", step)
                .bind("outputs", outputs(result.outputs()))
                .bind("evidence", CanonicalJson.text(result.evidence()))
                .bind("run", result.runId())
                .bind("attempt", attemptId)
                .bind("at", micros(at))
                .execute();
    }

    List<AttemptReport> attempts(Transaction tx, String runId) {
        return tx.handle()
                .createQuery(
                        "select * from attempt where run_id = :run order by started_us, step,"
                                + " number")
                .bind("run", runId)
                .map((row, context) -> attempt(row))
                .list();
    }

    List<AttemptReport> attemptsEndedBefore(Transaction tx, Instant then) {
        return tx.handle()
                .createQuery("select * from attempt where ended_us < :then")
                .bind("then", micros(then))
                .map((row, context) -> attempt(row))
                .list();
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
}
