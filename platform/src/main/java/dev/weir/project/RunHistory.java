package dev.weir.project;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.gate.Judgement;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.pipeline.AttemptReport;
import dev.weir.pipeline.Engine;
import dev.weir.pipeline.RunRecord;
import dev.weir.pipeline.RunStatus;
import dev.weir.pipeline.StepReport;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The runs of a workspace, as they are now: a run whose process has ended is closed before it is
 * told of, so that none is said to be running that is not.
 */
public final class RunHistory {
    /** The word for the newest run. */
    public static final String LAST = "last";

    private static final int TOLD_APART = 5;

    private final Home home;
    private final Engine engine;

    public RunHistory(Home home) {
        this.home = home;
        this.engine = home.engine(new TrackedRuns(home.tracking(), home.ledger()));
    }

    /**
     * All that is known of one run.
     *
     * @param judgements the gates that were judged in it, in the order of time
     * @param versions the model versions that it made first
     * @param diagnosis where the model fails, if its gates turned it down
     */
    public record Detail(
            RunRecord run,
            List<StepReport> steps,
            List<AttemptReport> attempts,
            List<Judgement> judgements,
            List<ModelVersion> versions,
            Optional<JsonNode> diagnosis) {
        public Detail {
            steps = List.copyOf(steps);
            attempts = List.copyOf(attempts);
            judgements = List.copyOf(judgements);
            versions = List.copyOf(versions);
        }

        /** The rulings of all gates, in the order of time. */
        public List<Ruling> rulings() {
            return judgements.stream().flatMap(j -> j.report().rulings().stream()).toList();
        }

        /** The attempts of one step. */
        public List<AttemptReport> attempts(String step) {
            return attempts.stream().filter(a -> a.step().equals(step)).toList();
        }
    }

    /**
     * The newest runs, newest first.
     *
     * @param pipeline only those of this pipeline
     * @param limit 1 or more
     */
    public List<RunRecord> newest(@Nullable String pipeline, int limit) {
        if (limit < 1) {
            throw Problem.input("runs.limit", "limit: " + limit + " (expected: 1 or more)")
                    .exception();
        }
        engine.sweep();
        return engine.runs(home.workspace(), pipeline, limit);
    }

    /**
     * One run.
     *
     * @param reference its id, the beginning of it, or {@link #LAST}
     * @throws dev.weir.base.problem.ProblemException where no run, or more than one, is meant
     */
    public Detail detail(String reference) {
        engine.sweep();
        return detail(run(reference));
    }

    private Detail detail(RunRecord run) {
        String id = run.runId();
        return home.database()
                .read(
                        tx ->
                                new Detail(
                                        run,
                                        engine.steps(id),
                                        engine.attempts(id),
                                        home.verdicts().ofRun(tx, id),
                                        home.registry().versionsOfRun(tx, id),
                                        new Diagnoses(home).of(tx, id)));
    }

    private RunRecord run(String reference) {
        boolean last = reference.equals(LAST);
        List<RunRecord> found =
                last
                        ? engine.runs(home.workspace(), null, 1)
                        : engine.runsStarting(home.workspace(), reference, TOLD_APART);
        if (found.isEmpty()) {
            boolean none = last || engine.runs(home.workspace(), null, 1).isEmpty();
            throw Problem.input(
                            "run.unknown",
                            none ? "no run yet" : "no run's id begins with " + reference)
                    .hint(none ? "weir run makes the first." : "weir runs list shows them.")
                    .exception();
        }
        if (found.size() > 1) {
            throw Problem.input(
                            "run.ambiguous",
                            reference
                                    + " begins the id of more than one run: "
                                    + found.stream()
                                            .map(RunRecord::runId)
                                            .collect(Collectors.joining(", "))
                                    + (found.size() == TOLD_APART ? ", …" : ""))
                    .hint("Give more of it.")
                    .exception();
        }
        return found.getFirst();
    }

    /** The run as it is now, which may have gone on since. */
    public Detail again(Detail detail) {
        String id = detail.run().runId();
        return detail(engine.find(home.workspace(), id).orElse(detail.run()));
    }

    /** Whether a run goes on; one whose process has ended does not. */
    public boolean goesOn(Detail detail) {
        if (detail.run().status() != RunStatus.RUNNING) {
            return false;
        }
        engine.sweep();
        return engine.find(home.workspace(), detail.run().runId())
                .filter(run -> run.status() == RunStatus.RUNNING)
                .isPresent();
    }

    /**
     * The attempts whose logs are asked for: the last of each step, or a given one.
     *
     * @param step only this step's
     * @param number only this attempt, counted from 1; of the step
     * @throws dev.weir.base.problem.ProblemException where the run has no such step or attempt; the
     *     hint tells where the step did run, if its result was known
     */
    public List<AttemptReport> attempts(
            Detail detail, @Nullable String step, @Nullable Integer number) {
        if (step != null && detail.attempts(step).isEmpty()) {
            throw noAttempt(detail, step);
        }
        List<AttemptReport> chosen = new ArrayList<>();
        for (AttemptReport attempt : detail.attempts()) {
            boolean wanted =
                    number == null
                            ? attempt.equals(detail.attempts(attempt.step()).getLast())
                            : attempt.number() == number;
            if (wanted && (step == null || attempt.step().equals(step))) {
                chosen.add(attempt);
            }
        }
        if (number != null && chosen.isEmpty()) {
            throw Problem.input(
                            "attempt.unknown",
                            "attempt: %d of %s (expected: 1 to %d)"
                                    .formatted(
                                            number,
                                            step == null ? "any step" : step,
                                            (step == null
                                                            ? detail.attempts()
                                                            : detail.attempts(step))
                                                    .stream()
                                                            .mapToInt(AttemptReport::number)
                                                            .max()
                                                            .orElse(0)))
                    .exception();
        }
        return chosen;
    }

    private RuntimeException noAttempt(Detail detail, String step) {
        Optional<StepReport> report =
                detail.steps().stream().filter(s -> s.step().equals(step)).findFirst();
        if (report.isEmpty()) {
            Set<String> known = new LinkedHashSet<>();
            detail.steps().forEach(s -> known.add(s.step()));
            detail.attempts().forEach(a -> known.add(a.step()));
            return Problem.input(
                            "run.step",
                            "run %s has no step %s"
                                    .formatted(detail.run().runId().substring(0, 12), step))
                    .hint(known.isEmpty() ? null : DidYouMean.hint(step, known))
                    .exception();
        }
        return Problem.input(
                        "run.step",
                        "%s did not run in run %s: %s"
                                .formatted(
                                        step,
                                        detail.run().runId().substring(0, 12),
                                        report.get().outcome().text()))
                .hint(whereItRan(report.get()))
                .exception();
    }

    private @Nullable String whereItRan(StepReport report) {
        return Optional.ofNullable(report.key())
                .flatMap(key -> engine.result(home.workspace(), key))
                .map(result -> "weir runs logs " + result.runId() + " " + report.step())
                .map(command -> "Its result was known; it ran in: " + command)
                .orElse(null);
    }
}
