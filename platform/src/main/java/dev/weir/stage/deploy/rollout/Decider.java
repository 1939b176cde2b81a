package dev.weir.stage.deploy.rollout;

import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.stage.deploy.rollout.plan.Step;
import dev.weir.stage.deploy.rollout.watch.Finding;
import dev.weir.stage.deploy.rollout.watch.Verdict;
import dev.weir.stage.deploy.rollout.watch.Watch;

import tools.jackson.databind.node.JsonNodeFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to do with a rollout, given what was seen: a pure function. A step fails as soon as one
 * check is sure, whether the rollout is paused or not; it passes when it has lasted, when enough
 * requests were seen, and when every check passes. Else it waits, and says for what.
 *
 * <p>Time is what was watched: from look to look, but of a longer gap, and of a clock that jumped
 * forward, no more than {@link #LONGEST_LOOK} counts; a clock that jumped back counts for nothing
 * and stops nothing.
 */
public final class Decider {
    /** As much of the time between two looks counts at most. */
    public static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

    /** Without a request for as long, traffic has stopped. */
    static final Duration QUIET = Duration.ofSeconds(30);

    private Decider() {}

    /**
     * Decides on a rollout that is in a step, or paused in one.
     *
     * @param evidence all that servers saw in this step
     * @param now the clock
     */
    public static Decision decide(Rollout rollout, Evidence evidence, Instant now) {
        Step step = rollout.current().orElseThrow();
        Plan plan = rollout.plan();
        boolean paused = rollout.state() == RolloutState.PAUSED;
        Duration since = since(rollout.ticked(), now);
        Watch before = Watch.fromJson(plan, rollout.step(), rollout.watch());
        Watch watch = before.next(plan, rollout.step(), evidence, paused ? Duration.ZERO : since);
        List<Finding> findings = watch.findings(plan, rollout.step());
        if (of(findings, Verdict.FAIL).findAny().isPresent()) {
            List<String> why = of(findings, Verdict.FAIL).map(Finding::line).toList();
            Rollout back =
                    rollout.looked(rollout.watched(), why, watch.json(), now)
                            .over(RolloutState.ROLLED_BACK, why, now);
            return new Decision(back, Optional.of(RolloutEvent.STEP_FAILED), findings);
        }
        Duration watched = paused ? rollout.watched() : rollout.watched().plus(since);
        List<String> waits = waits(rollout, step, watch, watched, findings);
        if (paused) {
            return new Decision(
                    rollout.looked(watched, waits, watch.json(), now), Optional.empty(), findings);
        }
        if (waits.isEmpty()) {
            return new Decision(
                    next(rollout, watch, now), Optional.of(RolloutEvent.STEP_PASSED), findings);
        }
        boolean stopped =
                before.quiet().compareTo(QUIET) < 0 && watch.quiet().compareTo(QUIET) >= 0;
        boolean late =
                rollout.watched().compareTo(step.lasts()) < 0
                        && watched.compareTo(step.lasts()) >= 0;
        return new Decision(
                rollout.looked(watched, waits, watch.json(), now),
                stopped
                        ? Optional.of(RolloutEvent.TRAFFIC_STOPPED)
                        : late ? Optional.of(RolloutEvent.NOT_ENOUGH_EVIDENCE) : Optional.empty(),
                findings);
    }

    private static Duration since(Instant before, Instant now) {
        Duration gap = Duration.between(before, now);
        return gap.isNegative()
                ? Duration.ZERO
                : gap.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : gap;
    }

    private static Stream<Finding> of(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict);
    }

    private static List<String> waits(
            Rollout rollout, Step step, Watch watch, Duration watched, List<Finding> findings) {
        List<String> waits = new ArrayList<>();
        long seen =
                step instanceof Step.Shadow
                        ? watch.seen().comparison().compared()
                        : watch.seen().candidate().requests();
        if (seen < step.minRequests()) {
            waits.add("requests: %d of %d".formatted(seen, step.minRequests()));
            if (watch.quiet().compareTo(QUIET) >= 0) {
                waits.add(
                        "traffic: no request has reached %s for %s"
                                .formatted(rollout.candidate(), words(watch.quiet())));
            }
        }
        if (watched.compareTo(step.lasts()) < 0) {
            waits.add("time: %s of %s".formatted(words(watched), words(step.lasts())));
        }
        of(findings, Verdict.NOT_ENOUGH).map(Finding::line).forEach(waits::add);
        return waits;
    }

    /** {@code 1h 5m}, {@code 5m 10s}, {@code 12s}. */
    static String words(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds >= 3600) {
            return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
        }
        return seconds >= 60 ? seconds / 60 + "m " + seconds % 60 + "s" : seconds + "s";
    }

    private static Rollout next(Rollout rollout, Watch watch, Instant now) {
        return entered(rollout, rollout.step() + 1, watch, now);
    }

    /** The rollout at the beginning of a step of its plan, or past the last. */
    static Rollout entered(Rollout rollout, int step, Watch watch, Instant now) {
        List<Step> steps = rollout.plan().steps();
        return step < steps.size()
                ? rollout.moved(
                        RolloutState.of(steps.get(step)),
                        step,
                        watch.step(rollout.plan(), step).json(),
                        now)
                : rollout.moved(
                        RolloutState.FINISHING, step, JsonNodeFactory.instance.objectNode(), now);
    }
}
