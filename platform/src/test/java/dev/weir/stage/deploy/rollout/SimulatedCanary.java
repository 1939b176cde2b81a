package dev.weir.stage.deploy.rollout;

import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.evidence.EvidenceRecorder;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.store.ledger.Actor;

import tools.jackson.databind.node.JsonNodeFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** A rollout in simulated time: requests come at random, and every tick is a look. */
final class SimulatedCanary {
    /**
     * How one side answers.
     *
     * @param errors share of requests that fail
     * @param slowness of the median of 4 ms
     * @param shift of the scores' log-odds
     * @param wrong share of the outcomes
     */
    record Side(double errors, double slowness, double shift, double wrong) {
        static final Side GOOD = new Side(0.004, 1, 0, 0.15);
    }

    private final EvidenceRecorder recorder = new EvidenceRecorder();
    private final SplittableRandom random;
    private final double requestsPerSecond;
    private final Duration tick;
    private final Side primary;
    private final Side candidate;

    Rollout rollout;
    Instant now = Instant.parse("2026-01-05T08:00:00Z");
    Evidence evidence = Evidence.NONE;
    Instant firstError = Instant.MAX;

    SimulatedCanary(
            long seed,
            Plan plan,
            double requestsPerSecond,
            Duration tick,
            Side primary,
            Side candidate) {
        this.random = new SplittableRandom(seed);
        this.requestsPerSecond = requestsPerSecond;
        this.tick = tick;
        this.primary = primary;
        this.candidate = candidate;
        this.rollout = beginning(plan, now);
    }

    /** A rollout at the beginning of its first step. */
    static Rollout beginning(Plan plan, Instant now) {
        return new Rollout(
                "rollout",
                "income",
                "income",
                2,
                1L,
                plan,
                RolloutState.of(plan.steps().getFirst()),
                0,
                null,
                Duration.ZERO,
                now,
                List.of(),
                JsonNodeFactory.instance.objectNode(),
                Actor.person("anna"),
                "",
                "promotion",
                "server",
                now,
                0,
                now,
                now,
                null);
    }

    /** Ticks until it is through or taken back, at most as often. */
    SimulatedCanary run(int most) {
        for (int i = 0; i < most && rollout.current().isPresent(); i++) {
            tick();
        }
        return this;
    }

    void tick() {
        now = now.plus(tick);
        long requests = poisson(requestsPerSecond * tick.toNanos() / 1e9);
        double percent = rollout.current().orElseThrow().percent();
        for (long i = 0; i < requests; i++) {
            boolean there = random.nextDouble() * 100 < percent;
            answer(there ? candidate : primary, there ? recorder.candidate() : recorder.primary());
        }
        Evidence fresh = recorder.drain();
        if (firstError.equals(Instant.MAX) && fresh.candidate().failed() > 0) {
            firstError = now;
        }
        evidence = evidence.plus(fresh);
        Rollout after = Decider.decide(rollout, evidence, now).after();
        if (after.step() != rollout.step()) {
            evidence = Evidence.NONE;
        }
        rollout = after;
    }

    private void answer(Side side, EvidenceRecorder.Variant variant) {
        if (random.nextDouble() < side.errors) {
            variant.failed("500");
            return;
        }
        variant.answered(Math.round(4e6 * side.slowness * Math.exp(0.4 * normal())));
        double odds = (random.nextDouble() < 0.7 ? -2 : 1.5) + normal() + side.shift;
        variant.predicted(1 / (1 + Math.exp(-odds)));
        if (random.nextDouble() < 0.1) {
            variant.outcome(random.nextDouble() >= side.wrong);
        }
    }

    private double normal() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
                * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private long poisson(double mean) {
        if (mean > 500) {
            return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
        }
        double left = Math.exp(-mean);
        long count = 0;
        for (double product = random.nextDouble(); product > left; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }
}
