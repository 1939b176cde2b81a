package dev.weir.pipeline;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.store.blob.Artifact;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Carries out attempts side by side, and tells how they ended. The threads are of the platform, not
 * virtual: a step of Weir's own may spend minutes in native code.
 */
final class AttemptRunner implements AutoCloseable {
    private final Workbench workbench;
    private final Map<String, Attempt> running = new ConcurrentHashMap<>();
    private final BlockingQueue<Optional<Completion>> completions = new LinkedBlockingQueue<>();
    private final Launchers launchers = new Launchers();

    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("weir-attempt-", 0).factory());
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("weir-timer").factory());

    AttemptRunner(Workbench workbench) {
        this.workbench = workbench;
    }

    /**
     * Tells regularly which attempts run, until this is closed. A beat that fails is made up for by
     * the next; where none succeeds, the leases run out, as they are meant to.
     */
    void heartbeat(Duration every, Consumer<Set<String>> beat) {
        var unused =
                timer.scheduleAtFixedRate(
                        () -> {
                            try {
                                beat.accept(left());
                            } catch (RuntimeException e) {
                                return;
                            }
                        },
                        every.toMillis(),
                        every.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    void start(Slot slot, Attempt attempt, StepKey key, Map<String, Artifact> inputs, Instant now) {
        running.put(attempt.id(), attempt);
        attempt.carriedOutWith(launchers);
        Step step = slot.step();
        threads.execute(
                () -> {
                    Completion.Ending ending =
                            failed(Problem.defect("step.defect", step.name() + ": no end"));
                    try {
                        ending = work(step, attempt, inputs);
                    } catch (RuntimeException | Error e) {
                        ending = defect(step, attempt, e);
                    } finally {
                        completions.add(
                                Optional.of(new Completion(slot, attempt, key, now, ending)));
                    }
                });
    }

    private Completion.Ending work(Step step, Attempt attempt, Map<String, Artifact> inputs) {
        attempt.runsOn(Thread.currentThread());
        Optional<Future<?>> alarm =
                Optional.ofNullable(step.timeout())
                        .map(
                                limit ->
                                        timer.schedule(
                                                () -> attempt.stop(AttemptState.TIMED_OUT),
                                                limit.toMillis(),
                                                TimeUnit.MILLISECONDS));
        Completion.Ending ending;
        try {
            ending = attempted(step, attempt, inputs);
        } finally {
            alarm.ifPresent(future -> future.cancel(false));
            attempt.runsOn(null);
        }
        clear(attempt.id());
        attempt.keepNothingEmpty();
        AttemptState stopped = attempt.stopped();
        return stopped == null ? ending : new Completion.Stopped(stopped);
    }

    private void clear(String attemptId) {
        try {
            workbench.clear(attemptId);
        } catch (IOException e) {
            return; // something still writes to it, or the disk fails: the next sweep deletes it
        }
    }

    private Completion.Ending attempted(Step step, Attempt attempt, Map<String, Artifact> inputs) {
        try {
            workbench.layOut(attempt, step, inputs);
            JsonNode evidence = step.kind().run(attempt);
            SortedMap<String, Artifact> outputs = workbench.collect(attempt, step);
            attempt.forget(workbench);
            return new Completion.Succeeded(outputs, evidence);
        } catch (Workbench.CorruptInput e) {
            return new Completion.Corrupt(e.input, e.problem);
        } catch (ProblemException e) {
            return new Completion.Failed(e.problems());
        } catch (InterruptedException e) {
            return new Completion.Stopped(AttemptState.CANCELLED);
        } catch (IOException | UncheckedIOException e) {
            return failed(
                    Problem.step("step.io", step.name() + ": " + e.getMessage())
                            .hint("Look at the disk: `weir doctor` tells what is free."));
        } catch (RuntimeException | Error e) {
            return defect(step, attempt, e);
        }
    }

    private static Completion.Ending defect(Step step, Attempt attempt, Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        attempt.note(trace.toString());
        return failed(
                Problem.defect("step.defect", step.name() + ": " + e)
                        .hint("A defect of Weir; its trace is in " + attempt.log()));
    }

    private static Completion.Ending failed(Problem problem) {
        return new Completion.Failed(List.of(problem));
    }

    boolean idle() {
        return running.isEmpty() && completions.isEmpty();
    }

    /** Makes {@link #next} return though nothing ended. */
    void wake() {
        completions.add(Optional.empty());
    }

    /** The next end of an attempt, if one comes within the time; without a time, waits for it. */
    @Nullable Completion next(@Nullable Duration within) throws InterruptedException {
        Optional<Completion> next =
                within == null
                        ? completions.take()
                        : completions.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        Completion completion = next == null ? null : next.orElse(null);
        if (completion != null) {
            running.remove(completion.attempt().id());
        }
        return completion;
    }

    void stop(AttemptState why) {
        running.values().forEach(attempt -> attempt.stop(why));
    }

    void stop(String attemptId, AttemptState why) {
        Attempt attempt = running.get(attemptId);
        if (attempt != null) {
            attempt.stop(why);
        }
    }

    /** The attempts that have not ended. */
    Set<String> left() {
        return Set.copyOf(running.keySet());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdown();
        launchers.close();
    }
}
