package dev.weir.pipeline;

import dev.weir.base.digest.Digest;
import dev.weir.store.blob.BlobStore;
import dev.weir.store.blob.Trees;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** Plans and runs pipelines in one home. Several engines may work in one home at once. */
public final class Engine {
    private final EngineParts parts;

    /** The runs that this engine carries, for {@link #cancel}. */
    private final Set<RunExecution> current = ConcurrentHashMap.newKeySet();

    /**
     * An engine.
     *
     * @param work directories of attempts are made below it
     * @param logs logs of attempts are kept below it
     * @param machine what live attempts of this host may use together
     */
    public Engine(
            Database database,
            BlobStore blobs,
            Trees trees,
            Path work,
            Path logs,
            Resources machine,
            ProcessIdentity me,
            Clock clock,
            Ids ids,
            RunListener listener) {
        this(
                database,
                new Workbench(blobs, trees, work, logs),
                machine,
                me,
                clock,
                ids,
                listener,
                EngineParts.LEASE);
    }

    Engine(
            Database database,
            Workbench workbench,
            Resources machine,
            ProcessIdentity me,
            Clock clock,
            Ids ids,
            RunListener listener,
            Duration lease) {
        PipelineDao dao = new PipelineDao(workbench.logs());
        AttemptDao attempts = new AttemptDao(workbench.logs());
        Sweeper sweeper = new Sweeper(database, dao, attempts, workbench, listener, me, clock);
        this.parts =
                new EngineParts(
                        database, dao, attempts, workbench, sweeper, machine, me, clock, ids,
                        listener, lease);
    }

    private <T> T read(BiFunction<PipelineDao, Transaction, T> query) {
        return parts.database().read(tx -> query.apply(parts.dao(), tx));
    }

    /**
     * Runs a pipeline: takes known results, executes the rest side by side within the machine's
     * resources, passes the transitions. Returns when everything that it started has ended.
     *
     * @throws dev.weir.base.problem.ProblemException of kind {@code INPUT} for a step that asks for
     *     more than the machine has; what goes wrong in a step is in the report
     */
    public RunReport run(Pipeline pipeline, RunRequest request, Progress progress) {
        parts.sweeper().sweep();
        RunExecution execution = new RunExecution(parts, pipeline, request, progress);
        current.add(execution);
        try {
            return execution.execute();
        } finally {
            current.remove(execution);
        }
    }

    /** Cancels the runs that are going on, if there are any, and waits until they are closed. */
    public void cancel() {
        current.forEach(RunExecution::cancel);
        current.forEach(RunExecution::awaitClosed);
    }

    /** Finds attempts and runs whose process has ended, and closes them. Returns how many. */
    public int sweep() {
        return parts.sweeper().sweep();
    }

    /** What a run would do now, step by step, and why. */
    public Plan plan(Pipeline pipeline, String workspace, Set<String> forced) {
        Map<String, StepResult> known =
                read((dao, tx) -> dao.lastResults(tx, workspace, pipeline.name()));
        Map<String, StepResult> done = new HashMap<>();
        Set<String> open = new HashSet<>();
        List<Plan.Planned> steps = new ArrayList<>();
        for (Node node : pipeline.nodes()) {
            if (node instanceof Step step) {
                steps.add(planned(pipeline, workspace, step, forced, known, done, open));
            } else if (node.needs().stream().anyMatch(open::contains)) {
                open.add(node.name());
            }
        }
        return new Plan(steps);
    }

    private Plan.Planned planned(
            Pipeline pipeline,
            String workspace,
            Step step,
            Set<String> forced,
            Map<String, StepResult> known,
            Map<String, StepResult> done,
            Set<String> open) {
        Set<String> unknown = new TreeSet<>();
        Map<String, Digest> inputs = new HashMap<>();
        step.inputs()
                .forEach(
                        (name, input) -> {
                            switch (input) {
                                case Input.Given given ->
                                        inputs.put(name, given.artifact().digest());
                                case Input.InPlace there -> inputs.put(name, there.digest());
                                case Input.FromStep from -> {
                                    StepResult result = done.get(from.step());
                                    if (result == null) {
                                        unknown.add(from.step());
                                    } else {
                                        inputs.put(name, result.output(from.output()).digest());
                                    }
                                }
                            }
                        });
        if (!unknown.isEmpty()) {
            open.add(step.name());
            List<String> because = unknown.stream().map(s -> "on what " + s + " gives").toList();
            return new Plan.Planned(
                    step.name(), step.stage(), Plan.Expectation.DEPENDS, null, because);
        }
        StepKey key = StepKey.of(step, inputs);
        Optional<StepResult> result =
                Optional.ofNullable(known.get(key.hex()))
                        .or(
                                () ->
                                        read(
                                                (dao, tx) ->
                                                        parts.attempts()
                                                                .result(tx, workspace, key.hex())));
        List<String> because = new ArrayList<>();
        if (forced.contains(step.name())) {
            because.add("it is forced");
        } else if (result.isPresent() && parts.workbench().holds(result.get())) {
            done.put(step.name(), result.get());
            because.add("computed by run " + result.get().runId().substring(0, 12));
            return new Plan.Planned(
                    step.name(), step.stage(), Plan.Expectation.HIT, key.hex(), because);
        } else if (result.isPresent()) {
            because.add("an output is gone from the store");
        } else {
            because.addAll(changes(workspace, pipeline, step, key));
        }
        open.add(step.name());
        return new Plan.Planned(
                step.name(), step.stage(), Plan.Expectation.MISS, key.hex(), because);
    }

    private List<String> changes(String workspace, Pipeline pipeline, Step step, StepKey key) {
        Optional<SortedMap<String, String>> last =
                read((dao, tx) -> dao.lastComponents(tx, workspace, pipeline.name(), step.name()));
        if (last.isEmpty()) {
            return List.of("it never ran");
        }
        List<String> changes = new ArrayList<>();
        Set<String> names = new TreeSet<>(last.get().keySet());
        names.addAll(key.components().keySet());
        for (String name : names) {
            String before = last.get().get(name);
            String now = key.components().get(name);
            if (before == null) {
                changes.add(name + " is new");
            } else if (now == null) {
                changes.add(name + " is gone");
            } else if (!before.equals(now)) {
                boolean showsValue =
                        name.startsWith("param ") && before.length() + now.length() < 80;
                changes.add(showsValue ? name + ": " + before + " → " + now : name + " changed");
            }
        }
        return changes.isEmpty() ? List.of("the store holds no result of it") : changes;
    }

    /** A run, if there is one of this id. */
    public Optional<RunRecord> find(String workspace, String runId) {
        return read((dao, tx) -> dao.run(tx, workspace, runId));
    }

    /** The newest runs, newest first; of one pipeline where it is named. */
    public List<RunRecord> runs(String workspace, @Nullable String pipeline, int limit) {
        return read((dao, tx) -> dao.runs(tx, workspace, pipeline, limit));
    }

    /** The newest runs whose id begins so, newest first. */
    public List<RunRecord> runsStarting(String workspace, String beginning, int limit) {
        return read((dao, tx) -> dao.runsStarting(tx, workspace, beginning, limit));
    }

    /** The runs that are running, of all workspaces. */
    public List<RunRecord> running() {
        return read(PipelineDao::running);
    }

    /** What became of the steps of a run. */
    public List<StepReport> steps(String runId) {
        return read((dao, tx) -> dao.steps(tx, runId));
    }

    /** The attempts of a run, with their logs. */
    public List<AttemptReport> attempts(String runId) {
        return read((dao, tx) -> parts.attempts().attempts(tx, runId));
    }

    /** The result under a key, if it is known. */
    public Optional<StepResult> result(String workspace, String key) {
        return read((dao, tx) -> parts.attempts().result(tx, workspace, key));
    }

    /** All known results, of all workspaces: what the cache holds. */
    public List<CachedResult> results() {
        return read(PipelineDao::results);
    }

    /** Those that were made, or met by a run that started, since then; the others may go. */
    public List<CachedResult> resultsMetSince(Instant since) {
        return read((dao, tx) -> dao.resultsMetSince(tx, since));
    }

    /** Forgets results that no run met since then. Returns how many. */
    public int forgetResultsNotMetSince(Instant since) {
        return parts.database().write(tx -> parts.dao().deleteResultsNotMetSince(tx, since));
    }

    /** Forgets these results: their steps run again. */
    public void forget(List<CachedResult> results) {
        parts.database()
                .writing(tx -> results.forEach(result -> parts.dao().deleteResult(tx, result)));
    }

    /** The attempts that ended before then, of all workspaces. */
    public List<AttemptReport> attemptsEndedBefore(Instant then) {
        return read((dao, tx) -> parts.attempts().attemptsEndedBefore(tx, then));
    }
}
