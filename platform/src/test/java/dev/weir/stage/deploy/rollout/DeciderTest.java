package dev.weir.stage.deploy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.evidence.EvidenceRecorder;
import dev.weir.stage.deploy.rollout.plan.Bounds;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.stage.deploy.rollout.plan.Step;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class DeciderTest {
    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
    private static final Plan PLAN =
            new Plan(
                    List.of(
                            new Step.Shadow(Duration.ofMinutes(10), 100, 0.05),
                            new Step.Canary(50, Duration.ofMinutes(10), 100)),
                    new Bounds(0.05, null, null),
                    false);

    private Rollout rollout = SimulatedCanary.beginning(PLAN, START);
    private Evidence evidence = Evidence.NONE;
    private final List<RolloutEvent> told = new ArrayList<>();

    private Optional<RolloutEvent> look(Instant now) {
        Decision decision = Decider.decide(rollout, evidence, now);
        rollout = decision.after();
        decision.event().ifPresent(told::add);
        return decision.event();
    }

    private void compared(int agree, int disagree) {
        EvidenceRecorder recorder = new EvidenceRecorder();
        for (int i = 0; i < agree + disagree; i++) {
            recorder.primary().answered(1_000_000);
            recorder.candidate().answered(1_000_000);
            recorder.compared(i < agree, 0.1);
        }
        evidence = evidence.plus(recorder.drain());
    }

    @Test
    void aClockThatJumpsForwardPassesNoTimeThatNobodyWatched() {
        compared(200, 0);
        look(START.plusSeconds(1));
        look(START.plus(Duration.ofDays(1)));
        assertThat(rollout.state()).isEqualTo(RolloutState.SHADOW);
        assertThat(rollout.watched()).isEqualTo(Duration.ofSeconds(11));
        assertThat(rollout.waits()).containsExactly("time: 11s of 10m 0s");
    }

    @Test
    void aClockThatJumpsBackStopsNothing() {
        compared(200, 0);
        look(START.plusSeconds(5));
        Instant back = START.minus(Duration.ofDays(30));
        look(back);
        assertThat(rollout.watched()).isEqualTo(Duration.ofSeconds(5));
        for (int i = 1; i <= 119; i++) {
            look(back.plusSeconds(5L * i));
        }
        assertThat(rollout.state()).isEqualTo(RolloutState.CANARY);
    }

    @Test
    void trafficThatStopsIsWaitedForAndToldOnce() {
        compared(60, 0);
        for (int i = 1; i <= 700; i++) {
            look(START.plusSeconds(i));
        }
        assertThat(rollout.state()).isEqualTo(RolloutState.SHADOW);
        assertThat(told)
                .containsExactly(RolloutEvent.TRAFFIC_STOPPED, RolloutEvent.NOT_ENOUGH_EVIDENCE);
        assertThat(rollout.waits())
                .containsExactly(
                        "requests: 60 of 100",
                        "traffic: no request has reached income:2 for 11m 39s");
        compared(60, 0);
        assertThat(look(START.plusSeconds(701))).contains(RolloutEvent.STEP_PASSED);
        assertThat(rollout.state()).isEqualTo(RolloutState.CANARY);
        assertThat(rollout.watched()).isZero();
    }

    @Test
    void aShadowThatDecidesOtherwiseIsTakenBackOnlyWhenItIsSure() {
        compared(47, 3);
        assertThat(look(START.plusSeconds(1))).isEmpty();
        assertThat(rollout.waits()).contains("disagreement: 6 % of 50 (expected: at most 5 %)");
        compared(80, 40);
        assertThat(look(START.plusSeconds(2))).contains(RolloutEvent.STEP_FAILED);
        assertThat(rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(rollout.waits().getFirst()).startsWith("disagreement: 25.3 % of 170");
    }

    @Test
    void theSameEvidenceLookedAtAgainSaysNothingNew() {
        compared(40, 6);
        look(START.plusSeconds(1));
        var watch = rollout.watch().path("disagreement");
        for (int i = 2; i < 50; i++) {
            look(START.plusSeconds(i));
        }
        assertThat(rollout.watch().path("disagreement")).isEqualTo(watch);
    }

    @Test
    void aSplitThatIsNotTheOneMeantLetsNothingPass() {
        Plan plan =
                new Plan(
                        List.of(new Step.Canary(5, Duration.ofSeconds(1), 10)), Bounds.NONE, false);
        EvidenceRecorder recorder = new EvidenceRecorder();
        for (int i = 0; i < 1_000; i++) {
            (i % 4 == 0 ? recorder.candidate() : recorder.primary()).answered(1_000_000);
        }
        evidence = recorder.drain();
        rollout = SimulatedCanary.beginning(plan, START);
        look(START.plusSeconds(5));
        assertThat(rollout.waits()).containsExactly("split: 25 % of 1000 (expected: 5 %)");
        rollout = SimulatedCanary.beginning(new Plan(plan.steps(), plan.bounds(), true), START);
        look(START.plusSeconds(5));
        assertThat(rollout.state()).isEqualTo(RolloutState.FINISHING);
    }
}
