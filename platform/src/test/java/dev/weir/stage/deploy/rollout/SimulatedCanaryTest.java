package dev.weir.stage.deploy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.stage.deploy.rollout.SimulatedCanary.Side;
import dev.weir.stage.deploy.rollout.plan.Bounds;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.stage.deploy.rollout.plan.Step;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What the checks of a canary promise, over many simulated ones. */
class SimulatedCanaryTest {
    private static final boolean FULL = Boolean.getBoolean("weir.test.full");
    private static final Bounds ALL = new Bounds(0.01, Duration.ofMillis(20), 0.25);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Plan canary(Bounds bounds, double... percents) {
        return new Plan(
                Arrays.stream(percents)
                        .<Step>mapToObj(p -> new Step.Canary(p, Duration.ofMinutes(5), 200))
                        .toList(),
                bounds,
                false);
    }

    /** Of 1,000 with -Pfull: at most 1 %. */
    @Test
    void aVersionThatIsAsGoodAsThePrimaryIsHardlyEverTakenBack() {
        int count = FULL ? 1_000 : 20;
        Plan plan = canary(ALL, 1, 5, 25, 50, 100);
        List<SimulatedCanary> ended =
                LongStream.range(0, count)
                        .parallel()
                        .mapToObj(
                                seed ->
                                        new SimulatedCanary(
                                                        seed, plan, 60, SECOND, Side.GOOD,
                                                        Side.GOOD)
                                                .run(7_200))
                        .toList();
        assertThat(count(ended, RolloutState.ROLLED_BACK))
                .as("taken back: %s", words(ended, RolloutState.ROLLED_BACK))
                .isLessThanOrEqualTo(count / 100);
        assertThat(count(ended, RolloutState.FINISHING))
                .as("not through: %s", words(ended, RolloutState.CANARY))
                .isGreaterThanOrEqualTo(count * 97L / 100);
    }

    @Test
    void elevenPercentOfErrorsAgainstOneAreFoundInFiveHundredRequestsEach() {
        int count = FULL ? 2_000 : 200;
        Plan plan = canary(Bounds.NONE, 50);
        long caught =
                LongStream.range(0, count)
                        .mapToObj(
                                seed ->
                                        new SimulatedCanary(
                                                        seed,
                                                        plan,
                                                        50,
                                                        SECOND,
                                                        new Side(0.01, 1, 0, 0.15),
                                                        new Side(0.11, 1, 0, 0.15))
                                                .run(20))
                        .filter(c -> c.rollout.state() == RolloutState.ROLLED_BACK)
                        .count();
        assertThat(caught).isGreaterThanOrEqualTo(count * 99L / 100);
    }

    @Test
    void tenPercentOfErrorsAreTakenBackWithinTwoSecondsOfTheFirst() {
        int count = FULL ? 500 : 50;
        for (double percent : new double[] {5, 50}) {
            for (Bounds bounds : List.of(Bounds.NONE, ALL)) {
                Plan plan = canary(bounds, percent);
                List<SimulatedCanary> ended =
                        LongStream.range(0, count)
                                .mapToObj(
                                        seed ->
                                                new SimulatedCanary(
                                                                seed,
                                                                plan,
                                                                200 * 100 / percent,
                                                                Duration.ofMillis(100),
                                                                new Side(0.001, 1, 0, 0.15),
                                                                new Side(0.1, 1, 0, 0.15))
                                                        .run(60))
                                .toList();
                assertThat(ended)
                        .as("%s %% of the requests, %s", percent, bounds)
                        .allSatisfy(
                                c -> {
                                    assertThat(c.rollout.state())
                                            .isEqualTo(RolloutState.ROLLED_BACK);
                                    assertThat(Duration.between(c.firstError, c.now))
                                            .isLessThanOrEqualTo(Duration.ofSeconds(2));
                                });
            }
        }
    }

    /** Half of the traffic, 60 requests a second. */
    @Test
    void everyKindOfHarmIsFoundWithinItsStep() {
        int count = FULL ? 100 : 4;
        Map<String, Side> harms =
                Map.of(
                        "latency", new Side(0.004, 3, 0, 0.15),
                        "prediction_psi", new Side(0.004, 1, 2, 0.15),
                        "outcomes", new Side(0.004, 1, 0, 0.5),
                        "errors", new Side(0.03, 1, 0, 0.15));
        harms.forEach(
                (check, side) -> {
                    for (long seed = 0; seed < count; seed++) {
                        SimulatedCanary canary =
                                new SimulatedCanary(
                                                seed,
                                                canary(new Bounds(null, null, 0.25), 50),
                                                60,
                                                SECOND,
                                                Side.GOOD,
                                                side)
                                        .run(300);
                        assertThat(canary.rollout.state())
                                .as("%s, seed %d", check, seed)
                                .isEqualTo(RolloutState.ROLLED_BACK);
                        assertThat(canary.rollout.waits().getFirst()).startsWith(check + ":");
                    }
                });
    }

    private static long count(List<SimulatedCanary> ended, RolloutState state) {
        return in(ended, state).count();
    }

    private static Stream<SimulatedCanary> in(List<SimulatedCanary> ended, RolloutState state) {
        return ended.stream().filter(c -> c.rollout.state() == state);
    }

    private static List<List<String>> words(List<SimulatedCanary> ended, RolloutState state) {
        return in(ended, state).map(c -> c.rollout.waits()).toList();
    }
}
