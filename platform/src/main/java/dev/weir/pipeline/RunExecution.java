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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One run, from its row to its report. A loop on one thread: take in what ended, look up what is
 * ready, commit both and the next claims in one transaction, launch the claims, pass transitions.
 */
final class RunExecution {
    private static final Duration SHORTEST_POLL = Duration.ofMillis(10);
    private static final Duration LONGEST_POLL = Duration.ofMillis(500);
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
    private final List<AttemptDao.Placed> unsaved = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> launched = new HashSet<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private Map<String, StepResult> known = Map.of();
    private RunStatus status = RunStatus.PASSED;
    private boolean halted;
    private Duration poll = SHORTEST_POLL;
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
                            dao().insertRun(tx, run, parts.me(), now().plus(parts.lease()));
                            parts.listener().started(tx, run);
                        });
        RuntimeException defect = null;
        try {
            attempts.heartbeat(parts.lease().dividedBy(4), this::extendLeases);
            defect = carriedOut();
            stopAll(cancelled ? AttemptState.CANCELLED : AttemptState.FAILED);
        } catch (ProblemException e) {
            fail(e.problems()); // of the database; a later sweep records what could not be
        } finally {
            attempts.close();
        }
        try {
            RunReport report = close(run);
            if (defect != null) {
                throw defect;
            }
            return report;
        } finally {
            closed.countDown();
        }
    }

    /**
     * Carries the run to its end. What no person can mend is given back, to be thrown in the end.
     */
    private @Nullable RuntimeException carriedOut() {
        try {
            loop();
        } catch (ProblemException e) {
            fail(e.problems());
        } catch (InterruptedException e) {
            cancelled = true;
        } catch (RuntimeException e) {
            fail(List.of(Problem.defect("run.defect", e.toString())));
            return e;
        }
        return null;
    }

    private void requireFits() {
        pipeline.steps().forEach(this::requireFits);
    }

    private void requireFits(Step step) {
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
            boolean moved = commit(ended, missed());
            moved |= passTransitions();
            ended.clear();
            if (graph.nothingReady() && attempts.idle()) {
                return;
            }
            if (moved) {
                poll = SHORTEST_POLL;
            } else {
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
        Completion next = attempts.next(poll);
        if (next != null) {
            poll = SHORTEST_POLL;
            return next;
        }
        poll =
                poll.multipliedBy(2).compareTo(LONGEST_POLL) < 0
                        ? poll.multipliedBy(2)
                        : LONGEST_POLL;
        if (Duration.between(lastSweep, now()).compareTo(SWEEP_WHILE_WAITING) > 0) {
            lastSweep = now();
            parts.sweeper().sweep();
        }
        return null;
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
            case Completion.Stopped stopped when stopped.why() == AttemptState.CANCELLED ->
                    skip(slot, "stopped", completion);
            case Completion.Stopped lost when lost.why() == AttemptState.LOST ->
                    takenOver(slot, completion);
            case Completion.Ending ending
                    when !database()
                            .read(
                                    tx ->
                                            parts.attempts()
                                                    .isRunning(tx, completion.attempt().id())) ->
                    takenOver(slot, completion);
            case Completion.Stopped timedOut ->
                    failedOnce(slot, List.of(timedOut(slot.step())), completion);
            case Completion.Failed failed -> failedOnce(slot, failed.problems(), completion);
            case Completion.Corrupt corrupt -> makeAgain(slot, corrupt, completion);
        }
    }

    /** Whoever took it for dead has killed its children: that is no failure of the step. */
    private void takenOver(Slot slot, Completion completion) {
        progress.note(slot.node.name() + ": another process took it over");
        if (halted) {
            skip(slot, "stopped", completion);
        } else {
            graph.again(slot);
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
        if (!halted && graph.judgedLater(slot, why.getFirst())) {
            progress.note(why.getFirst().message());
            graph.excuse(slot, why.getFirst())
                    .forEach(each -> skip(each, slot.node.name() + " failed", null));
            graph.goOnWithout();
            return;
        }
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
        unsaved.add(new AttemptDao.Placed(report, slot.position));
        reports.put(report.step(), report);
        progress.ended(report);
    }

    // What is ready

    /** Gives every step that became ready its key; returns those that the last run did not know. */
    private List<Slot> missed() {
        List<Slot> missed = new ArrayList<>();
        for (Slot slot = graph.nextFresh(); slot != null; slot = graph.nextFresh()) {
            StepKey key = graph.key(slot.step());
            slot.key = key;
            StepResult result = slot.forced ? null : known.get(key.hex());
            if (result != null && parts.workbench().holds(result)) {
                finish(slot, Outcome.CACHED, result, now(), null);
            } else {
                missed.add(slot);
            }
        }
        return missed;
    }

    /**
     * One transaction for what ended, what is known and what starts. Whether it moved anything.
     *
     * @param fresh what is to be looked up
     */
    private boolean commit(List<Completion> ended, List<Slot> fresh) {
        Instant at = now();
        if (ended.isEmpty() && !anyWants(at)) {
            return false;
        }
        List<AttemptDao.Placed> rows = List.copyOf(unsaved);
        Claims.Committed committed =
                database()
                        .write(
                                tx -> {
                                    parts.attempts().saveSteps(tx, request.runId(), rows);
                                    return claims.commit(tx, ended, fresh, at);
                                });
        unsaved.clear();
        committed.claims().forEach(claim -> launch(claim, at));
        committed.known().forEach((slot, result) -> finish(slot, Outcome.CACHED, result, at, null));
        for (Completion late : committed.refused()) {
            progress.note(late.slot().node.name() + ": another process took it over");
            graph.withdraw(late.slot());
        }
        return !committed.claims().isEmpty()
                || !committed.refused().isEmpty()
                || !committed.known().isEmpty();
    }

    private boolean anyWants(Instant at) {
        for (Slot slot : graph.readySteps()) {
            if (!slot.notBefore.isAfter(at)) {
                return true;
            }
        }
        return false;
    }

    private void launch(Claims.Claim claim, Instant at) {
        Slot slot = claim.slot();
        slot.attempt = claim.attempt();
        slot.attempts++;
        graph.running(slot);
        launched.add(claim.attempt().id());
        progress.started(slot.step(), slot.attempts);
        attempts.start(slot, claim.attempt(), claim.key(), graph.inputs(slot.step()), at);
    }

    /** Passes what is ready; only ever after what it needs was committed. */
    private boolean passTransitions() {
        boolean passed = false;
        for (Slot slot = graph.nextTransition(); slot != null; slot = graph.nextTransition()) {
            if (slot.node instanceof Transition transition) {
                pass(slot, transition);
                passed = true;
            }
        }
        return passed;
    }

    private void pass(Slot slot, Transition transition) {
        try {
            switch (transition.passage().pass(request.runId(), new Settled(graph))) {
                case Transition.Decision.Proceed proceed ->
                        finish(slot, Outcome.EXECUTED, null, now(), null);
                case Transition.Decision.More more -> {
                    for (Node node : more.nodes()) {
                        if (node instanceof Step step) {
                            requireFits(step);
                        }
                    }
                    graph.grow(more.nodes());
                    finish(slot, Outcome.EXECUTED, null, now(), null);
                }
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

    private record Settled(RunGraph graph) implements Transition.Results {
        @Override
        public StepResult of(String step) {
            return graph.result(step);
        }

        @Override
        public Optional<Problem> failure(String step) {
            return Optional.ofNullable(graph.slot(step).excuse);
        }
    }

    // The end

    private void extendLeases(Set<String> running) {
        Instant until = now().plus(parts.lease());
        List<String> lost =
                database()
                        .write(
                                tx -> {
                                    dao().extendLease(tx, request.runId(), until);
                                    return parts.attempts().extendLeases(tx, running, until);
                                });
        lost.forEach(id -> attempts.stop(id, AttemptState.LOST));
    }

    void cancel() {
        cancelled = true;
        attempts.wake();
    }

    void awaitClosed() {
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
                Completion next = attempts.next(LONGEST_POLL);
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
                    .writing(
                            tx ->
                                    left.forEach(
                                            id -> parts.attempts().end(tx, id, why, now(), null)));
        }
        parts.sweeper().killAll(launched);
    }

    private RunReport close(RunRecord run) {
        if (cancelled) {
            status = RunStatus.CANCELLED;
        }
        graph.notEnded().forEach(slot -> skip(slot, "the run ended", null));
        try {
            database().writing(tx -> save(tx, run));
        } catch (ProblemException e) {
            fail(e.problems()); // a later sweep closes it
        }
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

    private void save(Transaction tx, RunRecord run) {
        Instant at = now();
        String problem = problems.isEmpty() ? null : problems.getFirst().line();
        parts.attempts().saveSteps(tx, run.runId(), unsaved);
        dao().endRun(tx, run.runId(), status, at, problem);
        parts.listener().ended(tx, run.ended(status, at, problem));
    }
}
