package dev.weir.pipeline;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.store.blob.Artifact;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One run, from its row to its report. A loop on one thread: take in what ended, look up what is
 * ready, commit both and the next claims in one transaction, launch the claims, pass transitions.
 */
final class RunExecution {
    private static final Duration POLL = Duration.ofMillis(40);
    private static final Duration SWEEP_WHILE_WAITING = Duration.ofSeconds(1);
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(15);

    private final EngineParts parts;
    private final Pipeline pipeline;
    private final RunRequest request;
    private final Progress progress;
    private final RunGraph graph;
    private final AttemptRunner attempts;
    private final Claims claims;
    private final Map<String, StepReport> reports = new HashMap<>();
    private final Map<StepReport, Integer> unsaved = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private Map<String, StepResult> known = Map.of();
    private RunStatus status = RunStatus.PASSED;
    private boolean halted;
    private Instant lastSweep = Instant.MIN;
    private volatile boolean cancelled;

    RunExecution(EngineParts parts, Pipeline pipeline, RunRequest request, Progress progress) {
        this.parts = parts;
        this.pipeline = pipeline;
        this.request = request;
        this.progress = progress;
        this.graph = new RunGraph(pipeline, request.forced());
        this.attempts = new AttemptRunner(parts.workbench());
        this.claims = new Claims(parts, request, graph);
    }

    private Database database() {
        return parts.database();
    }

    private PipelineDao dao() {
        return parts.dao();
    }

    private Instant now() {
        return parts.clock().instant();
    }

    RunReport execute() {
        requireFits();
        RunRecord run =
                new RunRecord(
                        request.runId(),
                        request.workspace(),
                        pipeline.name(),
                        RunStatus.RUNNING,
                        request.trigger(),
                        request.actor(),
                        request.project(),
                        now(),
                        null,
                        null);
        known = database().read(tx -> dao().lastResults(tx, run.workspace(), run.pipeline()));
        database()
                .writing(
                        tx -> {
                            dao().insertRun(tx, run, parts.me(), now().plus(EngineParts.LEASE));
                            parts.listener().started(tx, run);
                        });
        attempts.heartbeat(EngineParts.LEASE.dividedBy(4), this::extendLeases);
        try {
            loop();
        } catch (ProblemException e) {
            fail(e.problems());
        } catch (InterruptedException e) {
            cancelled = true;
        } finally {
            stopAll(cancelled ? AttemptState.CANCELLED : AttemptState.FAILED);
            attempts.close();
        }
        try {
            return close(run);
        } finally {
            closed.countDown();
        }
    }

    private void requireFits() {
        for (Step step : pipeline.steps()) {
            if (!step.resources().fitsIn(parts.machine())) {
                throw Problem.input(
                                "step.resources",
                                "%s asks for %s (expected: at most what there is, %s)"
                                        .formatted(
                                                step.name(),
                                                step.resources().text(),
                                                parts.machine().text()))
                        .exception();
            }
        }
    }

    private void loop() throws InterruptedException {
        List<Completion> ended = new ArrayList<>();
        while (true) {
            for (Completion c = attempts.next(Duration.ZERO);
                    c != null;
                    c = attempts.next(Duration.ZERO)) {
                ended.add(c);
            }
            if (cancelled && !halted) {
                haltForCancel();
            }
            ended.forEach(this::takeIn);
            resolveHits();
            boolean moved = commit(ended);
            moved |= passTransitions();
            ended.clear();
            if (graph.nothingReady() && attempts.idle()) {
                return;
            }
            if (!moved) {
                Completion next = await();
                if (next != null) {
                    ended.add(next);
                }
            }
        }
    }

    /** Waits for an end; where something is ready that others hold up, looks again soon. */
    private @Nullable Completion await() throws InterruptedException {
        if (graph.nothingReady()) {
            return attempts.next(null);
        }
        Completion next = attempts.next(POLL);
        if (next == null && Duration.between(lastSweep, now()).compareTo(SWEEP_WHILE_WAITING) > 0) {
            lastSweep = now();
            parts.sweeper().sweep();
        }
        return next;
    }

    // What ended

    private void takeIn(Completion completion) {
        Slot slot = completion.slot();
        slot.attempt = null;
        if (slot.stale) {
            slot.stale = false;
            graph.again(slot);
            return;
        }
        switch (completion.ending()) {
            case Completion.Succeeded done -> {
                slot.forced = false;
                finish(
                        slot,
                        Outcome.EXECUTED,
                        claims.result(completion, done),
                        completion.started(),
                        completion.attempt());
            }
            case Completion.Failed failed -> failedOnce(slot, failed.problems(), completion);
            case Completion.Corrupt corrupt -> makeAgain(slot, corrupt, completion);
            case Completion.Stopped stopped -> {
                if (stopped.why() == AttemptState.TIMED_OUT) {
                    failedOnce(slot, List.of(timedOut(slot.step())), completion);
                } else if (stopped.why() == AttemptState.LOST && !halted) {
                    graph.again(slot);
                } else {
                    skip(slot, "stopped", completion);
                }
            }
        }
    }

    private void failedOnce(Slot slot, List<Problem> why, Completion completion) {
        slot.failures++;
        Retries retries = slot.step().retries();
        boolean again =
                why.getFirst().kind() == Kind.STEP && slot.failures < retries.attempts() && !halted;
        if (!again) {
            failStep(slot, why, completion);
            return;
        }
        Duration backoff = retries.before(slot.failures + 1);
        slot.notBefore = now().plus(backoff);
        progress.note(
                "%s; tried again in %s s".formatted(why.getFirst().message(), seconds(backoff)));
        graph.again(slot);
    }

    private static Problem timedOut(Step step) {
        Duration limit = step.timeout() == null ? Duration.ZERO : step.timeout();
        return Problem.step(
                        "step.timeout",
                        "%s: ran past its timeout of %s s".formatted(step.name(), seconds(limit)))
                .hint("Raise timeout: for this step, or give it less to do.");
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? Long.toString(duration.toSeconds())
                : Double.toString(duration.toMillis() / 1000.0);
    }

    /** A blob that is not what its name says is deleted, and the step that gave it runs again. */
    private void makeAgain(Slot slot, Completion.Corrupt corrupt, Completion completion) {
        Input input = slot.step().inputs().get(corrupt.input());
        Artifact artifact = graph.inputs(slot.step()).get(corrupt.input());
        if (artifact != null) {
            parts.workbench().discardCorrupt(artifact);
        }
        Slot giver = input instanceof Input.FromStep from ? graph.slot(from.step()) : null;
        if (giver == null || giver.attempts > 0 || halted) {
            failStep(slot, List.of(corrupt.problem()), completion);
            return;
        }
        progress.note(corrupt.problem().message() + "; made again by " + giver.node.name());
        giver.forced = true;
        graph.withdraw(giver);
        if (slot.phase == Slot.Phase.RUNNING) {
            graph.again(slot);
        }
    }

    private void finish(
            Slot slot,
            Outcome outcome,
            @Nullable StepResult result,
            Instant started,
            @Nullable Attempt attempt) {
        graph.done(slot, result);
        report(slot, outcome, started, null, attempt);
    }

    private void failStep(Slot slot, List<Problem> why, Completion completion) {
        graph.failed(slot);
        report(
                slot,
                Outcome.FAILED,
                completion.started(),
                why.getFirst().line(),
                completion.attempt());
        fail(why);
        skipAfter(slot.node.name() + " failed");
    }

    private void fail(List<Problem> why) {
        if (status != RunStatus.CANCELLED) {
            status = RunStatus.FAILED;
        }
        problems.addAll(why);
    }

    private void skip(Slot slot, String reason, @Nullable Completion completion) {
        graph.skipped(slot);
        report(
                slot,
                Outcome.SKIPPED,
                completion == null ? now() : completion.started(),
                reason,
                completion == null ? null : completion.attempt());
    }

    private void skipAfter(String reason) {
        graph.cutOff().forEach(slot -> skip(slot, reason, null));
        if (!request.keepGoing()) {
            halt("the run stopped: " + reason);
        }
    }

    /** Nothing new starts; what runs is waited for. */
    private void halt(String reason) {
        halted = true;
        graph.notStarted().forEach(slot -> skip(slot, reason, null));
    }

    private void haltForCancel() {
        status = RunStatus.CANCELLED;
        problems.add(new Problem(Kind.CANCELLED, "run.cancelled", "cancelled", null, null));
        halt("the run was cancelled");
        attempts.stop(AttemptState.CANCELLED);
    }

    private void report(
            Slot slot,
            Outcome outcome,
            Instant started,
            @Nullable String reason,
            @Nullable Attempt attempt) {
        if (!(slot.node instanceof Step step)) {
            return;
        }
        StepReport report =
                new StepReport(
                        step.name(),
                        step.stage(),
                        outcome,
                        slot.key == null ? null : slot.key.hex(),
                        started,
                        now(),
                        reason,
                        attempt == null ? null : attempt.log());
        unsaved.put(report, slot.position);
        reports.put(report.step(), report);
        progress.ended(report);
    }

    // What is ready

    /** Gives every ready step its key, and finishes those whose result is known. */
    private void resolveHits() {
        List<Slot> open = keyless();
        while (!open.isEmpty()) {
            for (Slot slot : open) {
                StepKey key = graph.key(slot.step());
                slot.key = key;
                StepResult result = slot.forced ? null : lookUp(key.hex());
                if (result != null) {
                    finish(slot, Outcome.CACHED, result, now(), null);
                }
            }
            open = keyless();
        }
    }

    private List<Slot> keyless() {
        return graph.ready().stream()
                .filter(slot -> slot.node instanceof Step && slot.key == null)
                .toList();
    }

    private @Nullable StepResult lookUp(String key) {
        StepResult result = known.get(key);
        if (result == null) {
            result = database().read(tx -> dao().result(tx, request.workspace(), key)).orElse(null);
        }
        return result != null && parts.workbench().holds(result) ? result : null;
    }

    /** One transaction for what ended, what was met and what starts. Whether it moved anything. */
    private boolean commit(List<Completion> ended) {
        Instant at = now();
        List<Slot> wanting =
                graph.ready().stream()
                        .filter(slot -> slot.node instanceof Step && !slot.notBefore.isAfter(at))
                        .toList();
        if (ended.isEmpty() && wanting.isEmpty()) {
            return false;
        }
        Map<StepReport, Integer> rows = Map.copyOf(unsaved);
        Claims.Committed committed =
                database()
                        .write(
                                tx -> {
                                    List<Completion> refused = claims.publish(tx, ended, at);
                                    dao().saveSteps(tx, request.runId(), rows);
                                    return claims.claim(tx, wanting, refused, at);
                                });
        unsaved.clear();
        committed.claims().forEach(claim -> launch(claim, at));
        for (Completion late : committed.refused()) {
            progress.note(late.slot().node.name() + ": another process took it over");
            graph.withdraw(late.slot());
        }
        committed.known().forEach(slot -> slot.key = null); // looked up again, and found
        return !committed.claims().isEmpty()
                || !committed.refused().isEmpty()
                || !committed.known().isEmpty();
    }

    private void launch(Claims.Claim claim, Instant at) {
        Slot slot = claim.slot();
        slot.attempt = claim.attempt();
        slot.attempts++;
        graph.running(slot);
        progress.started(slot.step(), slot.attempts);
        attempts.start(slot, claim.attempt(), claim.key(), graph.inputs(slot.step()), at);
    }

    /** Passes what is ready; only ever after what it needs was committed. */
    private boolean passTransitions() {
        List<Slot> open =
                graph.ready().stream().filter(slot -> slot.node instanceof Transition).toList();
        for (Slot slot : open) {
            if (slot.phase == Slot.Phase.READY && slot.node instanceof Transition transition) {
                pass(slot, transition);
            }
        }
        return !open.isEmpty();
    }

    private void pass(Slot slot, Transition transition) {
        try {
            switch (transition.passage().pass(request.runId(), graph::result)) {
                case Transition.Decision.Proceed proceed ->
                        finish(slot, Outcome.EXECUTED, null, now(), null);
                case Transition.Decision.Stop stop -> {
                    graph.failed(slot);
                    if (status == RunStatus.PASSED) {
                        status = RunStatus.REJECTED;
                    }
                    problems.add(Problem.rejected("gate.failed", stop.reason()));
                    skipAfter(transition.name() + " said no");
                }
            }
        } catch (ProblemException e) {
            graph.failed(slot);
            fail(e.problems());
            skipAfter(transition.name() + " failed");
        }
    }

    // The end

    private void extendLeases(Set<String> running) {
        Instant until = now().plus(EngineParts.LEASE);
        List<String> lost =
                database().write(tx -> dao().extendLeases(tx, request.runId(), running, until));
        lost.forEach(id -> attempts.stop(id, AttemptState.LOST));
    }

    void cancel() {
        cancelled = true;
        attempts.wake();
        try {
            if (!closed.await(CANCEL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                attempts.stop(AttemptState.CANCELLED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops what still runs, and records it: nothing is left running when a run is closed. */
    private void stopAll(AttemptState why) {
        attempts.stop(why);
        Instant deadline = now().plus(CANCEL_PATIENCE);
        while (!attempts.left().isEmpty() && now().isBefore(deadline)) {
            try {
                Completion next = attempts.next(POLL);
                if (next != null) {
                    database().writing(tx -> claims.publish(tx, List.of(next), now()));
                }
            } catch (InterruptedException e) {
                cancelled = true;
            }
        }
        Set<String> left = attempts.left();
        if (!left.isEmpty()) {
            database()
                    .writing(tx -> left.forEach(id -> dao().endAttempt(tx, id, why, now(), null)));
        }
    }

    private RunReport close(RunRecord run) {
        if (cancelled) {
            status = RunStatus.CANCELLED;
        }
        graph.notStarted().forEach(slot -> skip(slot, "the run ended", null));
        Instant at = now();
        String problem = problems.isEmpty() ? null : problems.getFirst().line();
        RunRecord ended = run.ended(status, at, problem);
        database().writing(tx -> save(tx, ended, at, problem));
        Map<String, StepResult> results = new HashMap<>();
        List<StepReport> steps = new ArrayList<>();
        for (Slot slot : graph.slots()) {
            if (slot.result != null) {
                results.put(slot.node.name(), slot.result);
            }
            StepReport report = reports.get(slot.node.name());
            if (report != null) {
                steps.add(report);
            }
        }
        return new RunReport(run.runId(), pipeline.name(), status, steps, results, problems);
    }

    private void save(Transaction tx, RunRecord ended, Instant at, @Nullable String problem) {
        dao().saveSteps(tx, ended.runId(), unsaved);
        if (dao().endRun(tx, ended.runId(), status, at, problem)) {
            parts.listener().ended(tx, ended);
        }
    }
}
