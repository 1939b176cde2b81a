package dev.weir.ml.tracking;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The experiments and runs of one workspace. Cheap to make; keeps no state of its own. What is
 * written is part of the transaction that is given, so that a call is atomic, and several can be.
 */
public final class Tracking {
    /** The experiment that every workspace has. */
    public static final String DEFAULT_EXPERIMENT = "0";

    /** The tag that is always equal to a run's name. */
    public static final String RUN_NAME = "mlflow.runName";

    private static final int MOST_DATASETS = 1_000;

    private final String workspace;
    private final Clock clock;

    public Tracking(String workspace, Clock clock) {
        this.workspace = workspace;
        this.clock = clock;
    }

    /** Makes the experiment {@code Default}, where a new workspace does not have it yet. */
    public void openWorkspace(Transaction tx) {
        new ExperimentDao(tx, workspace)
                .insertIfMissing(DEFAULT_EXPERIMENT, "Default", "", clock.instant());
    }

    /**
     * The experiment of this name, made where there is none.
     *
     * @throws dev.weir.base.problem.ProblemException where the name is empty, longer than 500
     *     characters, or that of a deleted experiment
     */
    public Experiment experiment(Transaction tx, String name) {
        Experiments.checkName(name);
        ExperimentDao experiments = new ExperimentDao(tx, workspace);
        Optional<Experiment> known = experiments.named(name);
        if (known.isPresent() && known.get().lifecycle() == Lifecycle.DELETED) {
            throw Problem.refused(
                            "experiment.deleted",
                            "experiment: " + name + " is deleted (expected: an active experiment)")
                    .hint("Restore it, or take another name.")
                    .exception();
        }
        if (known.isPresent()) {
            return known.get();
        }
        openWorkspace(tx);
        experiments.insertIfMissing(experiments.nextId(), name, "", clock.instant());
        return experiments.named(name).orElseThrow();
    }

    /** The experiment of this name, if there is one, deleted ones included. */
    public Optional<Experiment> findExperiment(Transaction tx, String name) {
        return new ExperimentDao(tx, workspace).named(name);
    }

    /** The experiment of this id, if there is one, deleted ones included. */
    public Optional<Experiment> experimentOfId(Transaction tx, String id) {
        return new ExperimentDao(tx, workspace).ofId(id);
    }

    /** All experiments, the newest first. */
    public List<Experiment> experiments(Transaction tx) {
        return new ExperimentDao(tx, workspace).all();
    }

    /**
     * Starts a run: it is running from now on.
     *
     * @throws dev.weir.base.problem.ProblemException where the id is taken or malformed, or the
     *     experiment is unknown or deleted
     */
    public RunInfo start(Transaction tx, NewRun run) {
        Limits.runId(run.id());
        Experiment experiment =
                experimentOfId(tx, run.experimentId())
                        .orElseThrow(() -> unknownExperiment(tx, run.experimentId()));
        if (experiment.lifecycle() == Lifecycle.DELETED) {
            throw Problem.refused(
                            "experiment.deleted",
                            "experiment: "
                                    + experiment.name()
                                    + " is deleted (expected: an active experiment)")
                    .exception();
        }
        RunInfo info =
                new RunInfo(
                        run.id(),
                        run.experimentId(),
                        run.name(),
                        RunStatus.RUNNING,
                        Lifecycle.ACTIVE,
                        run.user(),
                        run.started() instanceof Instant started ? started : clock.instant(),
                        null);
        RunDao runs = new RunDao(tx, workspace);
        if (!runs.insert(info)) {
            throw Problem.refused(
                            "run.exists", "run id: " + run.id() + " is taken (expected: a new id)")
                    .exception();
        }
        Map<String, String> tags = new LinkedHashMap<>(run.tags());
        tags.put(RUN_NAME, run.name());
        writeTags(runs, run.id(), tags);
        return info;
    }

    /**
     * Logs parameters, metrics and tags to a run. The same parameter value again, or the same point
     * again, changes nothing.
     *
     * @throws dev.weir.base.problem.ProblemException where the run is unknown or deleted, a name or
     *     value is outside MLflow's limits, or a parameter has another value already
     */
    public void log(Transaction tx, String runId, Batch batch) {
        log(tx, runId, KeyedBatch.of(batch));
    }

    /** As {@link #log(Transaction, String, Batch)}. */
    public void log(Transaction tx, String runId, KeyedBatch batch) {
        RunInfo run = writable(tx, runId);
        batch.params().forEach(Tracking::checkParam);
        batch.metrics().keySet().forEach(key -> Limits.key("metric", key));
        RunDao runs = new RunDao(tx, workspace);
        if (!batch.params().isEmpty()) {
            writeParams(runs, runId, batch.params());
        }
        if (!batch.metrics().isEmpty()) {
            new MetricDao(tx).append(workspace, run.experimentId(), runId, batch.metrics());
        }
        if (!batch.tags().isEmpty()) {
            writeTags(runs, runId, batch.tags());
            if (batch.tags().get(RUN_NAME) instanceof String name) {
                runs.rename(runId, name);
            }
        }
    }

    /**
     * Checks that a run may be written to.
     *
     * @throws dev.weir.base.problem.ProblemException where it is unknown or deleted
     */
    public void requireWritable(Transaction tx, String runId) {
        writable(tx, runId);
    }

    /** Records that a run used a dataset; the same dataset again only changes the tags. */
    public void input(Transaction tx, String runId, RunInput input) {
        RunInfo run = writable(tx, runId);
        new RunInputDao(tx, workspace).insert(run.experimentId(), runId, input);
    }

    /** The datasets that a run used, in the order in which they were recorded. */
    public List<RunInput> inputs(Transaction tx, String runId) {
        return inputs(tx, List.of(info(tx, runId))).getFirst();
    }

    /** The datasets that each of these runs used. */
    public List<List<RunInput>> inputs(Transaction tx, List<RunInfo> runs) {
        return new RunInputDao(tx, workspace).of(runs);
    }

    /** The datasets that runs of these experiments used, at most a thousand of each. */
    public List<DatasetUse> datasets(Transaction tx, Collection<String> experimentIds) {
        return experimentIds.stream()
                .distinct()
                .flatMap(id -> new RunInputDao(tx, workspace).used(id, MOST_DATASETS).stream())
                .toList();
    }

    /** Sets the status of a run; with one that has ended, the time of its end is now. */
    public void end(Transaction tx, String runId, RunStatus status) {
        change(tx, runId, RunChange.of(status));
    }

    /** Changes a run; returns it as it is now. */
    public RunInfo change(Transaction tx, String runId, RunChange change) {
        RunInfo run = writable(tx, runId);
        RunDao runs = new RunDao(tx, workspace);
        @Nullable RunStatus status = change.status();
        if (status != null || change.ended() != null) {
            RunStatus now = status == null ? run.status() : status;
            @Nullable Instant ended =
                    change.ended() == null && now.ended() ? clock.instant() : change.ended();
            runs.status(runId, now, ended);
        }
        if (change.name() instanceof String name) {
            writeTags(runs, runId, Map.of(RUN_NAME, name));
            runs.rename(runId, name);
        }
        return info(tx, runId);
    }

    /** Deletes a run: it can be restored, and nothing is written to it. */
    public void delete(Transaction tx, String runId) {
        info(tx, runId);
        new RunDao(tx, workspace).lifecycle(runId, Lifecycle.DELETED, clock.instant());
    }

    /** Takes back that a run was deleted. */
    public void restore(Transaction tx, String runId) {
        info(tx, runId);
        new RunDao(tx, workspace).lifecycle(runId, Lifecycle.ACTIVE, clock.instant());
    }

    /**
     * Takes a tag away.
     *
     * @throws dev.weir.base.problem.ProblemException where the run is unknown or has no such tag
     */
    public void deleteTag(Transaction tx, String runId, String key) {
        if (findRun(tx, runId).isEmpty()) {
            throw Problem.input("run.unknown", "Run '" + runId + "' not found").exception();
        }
        writable(tx, runId);
        if (!new RunDao(tx, workspace).deleteTag(runId, key)) {
            throw Problem.input(
                            "tag.unknown", "No tag with name: " + key + " in run with id " + runId)
                    .exception();
        }
    }

    /**
     * A run with what it logged.
     *
     * @throws dev.weir.base.problem.ProblemException where the workspace has no such run
     */
    public Run run(Transaction tx, String runId) {
        return runs(tx, List.of(info(tx, runId))).getFirst();
    }

    /** The run of this id, if there is one. */
    public Optional<RunInfo> findRun(Transaction tx, String runId) {
        return new RunDao(tx, workspace).ofId(runId);
    }

    /**
     * The newest runs of some experiments, the newest first, deleted ones left out.
     *
     * @param limit at most so many; 1 or more
     */
    public List<Run> recent(Transaction tx, Collection<String> experimentIds, int limit) {
        RunDao runs = new RunDao(tx, workspace);
        List<RunInfo> infos =
                experimentIds.stream()
                        .distinct()
                        .flatMap(id -> runs.newest(id, limit).stream())
                        .sorted(
                                Comparator.comparing(RunInfo::started)
                                        .reversed()
                                        .thenComparing(RunInfo::id))
                        .limit(limit)
                        .toList();
        return runs(tx, infos);
    }

    /** All points of a metric in logged order; empty where the run has none of this key. */
    public List<MetricPoint> history(Transaction tx, String runId, String key) {
        info(tx, runId);
        return new MetricDao(tx).history(runId, key);
    }

    /**
     * Some points of a metric in logged order; none where the run has no metric of this key.
     *
     * @param limit at most so many; 1 or more
     * @param token what the page before gave; null for the first
     */
    public HistoryPage history(
            Transaction tx, String runId, String key, int limit, @Nullable String token) {
        info(tx, runId);
        return new Histories(tx).page(runId, key, limit, token);
    }

    /** Runs with what they logged, in this order. */
    public List<Run> runs(Transaction tx, List<RunInfo> infos) {
        if (infos.isEmpty()) {
            return List.of();
        }
        List<String> ids = infos.stream().map(RunInfo::id).toList();
        List<Run> runs = new ArrayList<>(infos.size());
        for (RunInfo info : infos) {
            runs.add(new Run(info, new TreeMap<>(), new TreeMap<>(), new TreeMap<>()));
        }
        LoggedDao logged = new LoggedDao(tx);
        logged.params(ids, (run, key, value) -> runs.get(run).params().put(key, value));
        logged.metrics(ids, (run, key, point) -> runs.get(run).metrics().put(key, point));
        logged.tags(ids, (run, key, value) -> runs.get(run).tags().put(key, value));
        return runs;
    }

    private RunInfo info(Transaction tx, String runId) {
        return findRun(tx, runId)
                .orElseThrow(
                        () ->
                                Problem.input("run.unknown", "Run with id=" + runId + " not found")
                                        .exception());
    }

    RunInfo writable(Transaction tx, String runId) {
        RunInfo run = info(tx, runId);
        if (run.lifecycle() == Lifecycle.DELETED) {
            throw Problem.refused(
                            "run.deleted",
                            "run: " + runId + " is deleted (expected: an active run)")
                    .exception();
        }
        return run;
    }

    private RuntimeException unknownExperiment(Transaction tx, String id) {
        List<String> known = experiments(tx).stream().map(Experiment::id).toList();
        return Problem.input("experiment.unknown", "experiment: no experiment has id " + id)
                .hint(DidYouMean.hint(id, known))
                .exception();
    }

    private static void checkParam(String key, String value) {
        Limits.key("param", key);
        Limits.length("value of param " + key, value, Limits.PARAM_VALUE);
    }

    private static void writeParams(RunDao runs, String runId, Map<String, String> params) {
        Map<String, String> fresh = new LinkedHashMap<>();
        params.forEach(
                (key, value) -> {
                    String old = runs.param(runId, key).orElse(null);
                    if (old == null) {
                        fresh.put(key, value);
                    } else if (!old.equals(value)) {
                        throw Problem.refused(
                                        "param.changed",
                                        "Changing param values is not allowed. Param with key='%s' was already logged with value='%s' for run ID='%s'. Attempted logging new value '%s'."
                                                .formatted(key, old, runId, value))
                                .exception();
                    }
                });
        runs.insertParams(runId, fresh);
    }

    private static void writeTags(RunDao runs, String runId, Map<String, String> tags) {
        tags.forEach(
                (key, value) -> {
                    Limits.key("tag", key);
                    Limits.length("value of tag " + key, value, Limits.TAG_VALUE);
                });
        runs.putTags(runId, tags);
    }
}
