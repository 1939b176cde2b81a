package dev.weir.stage.deploy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.PromotionRequest;
import dev.weir.ml.registry.PromotionState;
import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.ml.registry.Stage;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.store.ledger.Event;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;
import dev.weir.store.meta.Transaction;

import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Rollouts in a home, on both databases; the contract of their Daos. */
class RolloutsTest {
    private static RolloutHome home(Dialect dialect) {
        return new RolloutHome(TestDatabases.fresh(dialect));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void theFirstVersionAnswersAtOnceSinceThereIsNothingToCompareWith(Dialect dialect) {
        try (RolloutHome home = home(dialect)) {
            RequestedPromotion first = home.promote(home.staged("age"));
            assertThat(first.state()).isEqualTo(PromotionState.CARRIED_OUT);
            assertThat(home.endpoint().primary()).isEqualTo(1);
            assertThat(home.route().live()).isEmpty();
            assertThat(home.told()).containsExactly("endpoint.created", "endpoint.answers");
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aVersionTakesOverByTheStepsOfItsPlan(Dialect dialect) {
        try (RolloutHome home = home(dialect).underWay()) {
            RolloutDriver driver = home.driver("a");
            assertThat(home.route().live().orElseThrow().mode()).isEqualTo(Route.Mode.PREPARED);
            driver.tick();
            assertThat(home.route().live().orElseThrow().mode()).isEqualTo(Route.Mode.SHADOW);
            for (int i = 0; i < 120 && !home.rollout().state().ended(); i++) {
                home.later(Duration.ofSeconds(1));
                home.traffic(i % 2 == 0 ? "a" : "b", 5, 0);
                driver.tick();
            }
            assertThat(home.rollout().state())
                    .as("waits for %s", home.rollout().waits())
                    .isEqualTo(RolloutState.COMPLETED);
            assertThat(home.endpoint().primary()).isEqualTo(2);
            assertThat(home.endpoint().warm()).isEqualTo(1);
            assertThat(home.stage(2)).isEqualTo(Stage.PRODUCTION);
            assertThat(home.stage(1)).isEqualTo(Stage.ARCHIVED);
            assertThat(home.told())
                    .containsExactly(
                            "endpoint.created",
                            "endpoint.answers",
                            "rollout.requested",
                            "rollout.smoke-passed",
                            "rollout.step-passed",
                            "rollout.step-passed",
                            "rollout.step-passed",
                            "endpoint.answers",
                            "rollout.promoted");
            Event passed = home.events().get(5);
            assertThat(passed.payload().path("step").stringValue()).isEqualTo("canary 10 %");
            assertThat(passed.payload().at("/evidence/candidate/requests").longValue())
                    .isBetween(145L, 160L);
            assertThat(passed.payload().path("findings").size()).isGreaterThan(4);

            home.rollback();
            assertThat(home.endpoint().primary()).isEqualTo(1);
            assertThat(home.stage(1)).isEqualTo(Stage.PRODUCTION);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aCanaryThatFailsIsTakenBackAndItsPromotionHasFailed(Dialect dialect) {
        try (RolloutHome home = home(dialect).underWay()) {
            RolloutDriver driver = home.driver("a");
            reach(home, driver, RolloutState.CANARY);
            home.traffic("a", 10, 10);
            home.later(Duration.ofMillis(100));
            driver.tick();
            Rollout over = home.rollout();
            assertThat(over.state()).isEqualTo(RolloutState.ROLLED_BACK);
            assertThat(over.waits().getFirst()).startsWith("error_rate: 50 % of 20 (expected:");
            assertThat(home.route().live()).isEmpty();
            assertThat(home.endpoint().primary()).isEqualTo(1);
            assertThat(home.stage(2)).isEqualTo(Stage.STAGING);
            assertThat(promotion(home, over)).isEqualTo(PromotionState.FAILED);
            assertThat(home.told()).last().isEqualTo("rollout.step-failed");
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void anotherServerCarriesOnWhereTheOneThatIsGoneStood(Dialect dialect) {
        try (RolloutHome home = home(dialect).underWay()) {
            RolloutDriver gone = home.driver("a");
            reach(home, gone, RolloutState.CANARY);
            for (int i = 0; i < 10; i++) {
                home.later(Duration.ofSeconds(1));
                home.traffic("a", 2, 0);
                gone.tick();
            }
            RolloutDriver other = home.driver("b");
            other.tick();
            assertThat(home.rollout().driver()).isEqualTo("a");
            home.later(Duration.ofSeconds(5));
            other.tick();
            Rollout carried = home.rollout();
            assertThat(carried.driver()).isEqualTo("b");
            assertThat(carried.step()).isEqualTo(1);
            assertThat(carried.watched()).isEqualTo(Duration.ofSeconds(15));
            assertThat(carried.waits()).contains("time: 15s of 30s");
            assertThat(home.told()).last().isEqualTo("rollout.restarted");
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void ofServersThatTickAtOnceOneDrives(Dialect dialect) throws InterruptedException {
        try (RolloutHome home = home(dialect).underWay();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<RolloutDriver> drivers =
                    List.of(home.driver("a"), home.driver("b"), home.driver("c"));
            for (int i = 0; i < 110 && !home.rollout().state().ended(); i++) {
                home.later(Duration.ofSeconds(1));
                if (home.rollout().current().isPresent()) {
                    home.traffic("b", 5, 0);
                }
                threads.invokeAll(drivers.stream().map(RolloutsTest::ticking).toList());
            }
            assertThat(home.rollout().state()).isEqualTo(RolloutState.COMPLETED);
            Map<String, Long> counts =
                    home.told().stream()
                            .collect(Collectors.groupingBy(k -> k, Collectors.counting()));
            assertThat(counts)
                    .containsEntry("rollout.smoke-passed", 1L)
                    .containsEntry("rollout.step-passed", 3L)
                    .containsEntry("rollout.promoted", 1L)
                    .doesNotContainKey("rollout.restarted");
        }
    }

    @Test
    void peopleStopAVersionWhereItIsLetItThroughOrTakeItBack() {
        try (RolloutHome home = home(Dialect.SQLITE).underWay()) {
            RolloutDriver driver = home.driver("a");
            reach(home, driver, RolloutState.CANARY);
            write(home, (tx, r) -> r.pause(tx, RolloutHome.ANNA, "income", "lunch"));
            home.later(Duration.ofHours(1));
            home.traffic("a", 100, 0);
            driver.tick();
            assertThat(home.rollout().state()).isEqualTo(RolloutState.PAUSED);
            assertThat(home.route().live().orElseThrow().percent()).isEqualTo(10);
            refused(
                    () -> write(home, (tx, r) -> r.pause(tx, RolloutHome.ANNA, "income", "")),
                    "is paused and cannot be paused (expected: shadow or canary or flipped)");
            write(home, (tx, r) -> r.resume(tx, RolloutHome.ANNA, "income", ""));
            assertThat(home.rollout().state()).isEqualTo(RolloutState.CANARY);
            write(home, (tx, r) -> r.abort(tx, RolloutHome.ANNA, "income", "wrong prices"));
            assertThat(home.route().live()).isEmpty();
            assertThat(home.stage(2)).isEqualTo(Stage.STAGING);
            refused(
                    () -> write(home, (tx, r) -> r.finish(tx, RolloutHome.ANNA, "income", "")),
                    "income: no rollout is under way");

            home.promote(version(home, 2));
            write(home, (tx, r) -> r.finish(tx, RolloutHome.ANNA, "income", "we know it"));
            assertThat(home.endpoint().primary()).isEqualTo(2);
            assertThat(home.stage(2)).isEqualTo(Stage.PRODUCTION);
        }
    }

    @Test
    void aPausedCanaryThatFailsIsTakenBackAllTheSame() {
        try (RolloutHome home = home(Dialect.SQLITE).underWay()) {
            RolloutDriver driver = home.driver("a");
            reach(home, driver, RolloutState.CANARY);
            write(home, (tx, r) -> r.pause(tx, RolloutHome.ANNA, "income", ""));
            home.traffic("a", 0, 20);
            driver.tick();
            assertThat(home.rollout().state()).isEqualTo(RolloutState.ROLLED_BACK);
        }
    }

    @Test
    void whatCannotTakeOverIsRefusedWithWords() {
        try (RolloutHome home = home(Dialect.SQLITE)) {
            ModelVersion first = home.staged("age");
            home.promote(first);
            refused(
                    () -> home.promote(home.staged("age", "height")),
                    "income:2 does not fit the clients of income, which income:1 answers: it needs"
                            + " the input height, which they do not send");
            refused(
                    () -> home.promote(home.staged()),
                    "it does not take the input age, which they send");
            ModelVersion fourth = home.staged("age");
            home.promote(fourth);
            refused(() -> home.promote(home.staged("age")), "income:4 is on its way to production");
            refused(home::rollback, "nothing was before it");
            write(home, (tx, r) -> r.abort(tx, RolloutHome.ANNA, "income", ""));
            home.database.writing(
                    tx ->
                            home.promotions.promote(
                                    tx,
                                    RolloutHome.ANNA,
                                    PromotionRequest.to(fourth.ref(), Stage.ARCHIVED)));
            refused(() -> home.promote(fourth), "income:4 is in archived");
        }
    }

    @Test
    void aRollbackInTheMiddleOfARolloutIsRefusedAndNothingMoves() {
        try (RolloutHome home = home(Dialect.SQLITE)) {
            home.promote(home.staged("age"));
            home.promote(home.staged("age"));
            write(home, (tx, r) -> r.finish(tx, RolloutHome.ANNA, "income", ""));
            home.promote(home.staged("age"));
            refused(home::rollback, "a rollout of income:3 is under way");
            assertThat(home.endpoint().primary()).isEqualTo(2);
            assertThat(home.stage(2)).isEqualTo(Stage.PRODUCTION);
        }
    }

    @Test
    void aSmokeTestThatFailsLetsNoTrafficThrough() {
        try (RolloutHome home = home(Dialect.SQLITE).underWay()) {
            new RolloutDriver(
                            home.database,
                            home.rollouts,
                            (endpoint, version) ->
                                    Optional.of(new SmokeTest.Result(false, "blob: damaged")),
                            "a",
                            home.clock)
                    .tick();
            assertThat(home.rollout().state()).isEqualTo(RolloutState.FAILED);
            assertThat(home.rollout().waits()).containsExactly("smoke test: blob: damaged");
            assertThat(home.endpoint().primary()).isEqualTo(1);
            assertThat(home.told()).last().isEqualTo("rollout.smoke-failed");
        }
    }

    @Test
    void aVersionWhoseVerdictsChangeUnderWayIsNotLetThrough() {
        try (RolloutHome home = home(Dialect.SQLITE).underWay()) {
            RolloutDriver driver = home.driver("a");
            reach(home, driver, RolloutState.CANARY);
            home.database.writing(
                    tx ->
                            home.registry.judged(
                                    tx,
                                    RolloutHome.ANNA,
                                    version(home, 2).ref(),
                                    "run",
                                    new GateReport(List.of()),
                                    Digest.ofText("other evidence")));
            home.later(Duration.ofSeconds(1));
            driver.tick();
            assertThat(home.rollout().state()).isIn(RolloutState.FAILED, RolloutState.CANARY);
            assertThat(home.endpoint().primary()).isEqualTo(1);
        }
    }

    @Test
    void withoutStepsAVersionTakesOverOnceItsSmokeTestHasPassed() {
        Plan none = new Plan(List.of(), RolloutHome.PLAN.bounds(), false);
        try (RolloutHome home =
                new RolloutHome(TestDatabases.fresh(Dialect.SQLITE), none).underWay()) {
            home.driver("a").tick();
            assertThat(home.rollout().state()).isEqualTo(RolloutState.COMPLETED);
            assertThat(home.endpoint().primary()).isEqualTo(2);
        }
    }

    @Test
    void anAnswerIsStickyAndGoesToTheCanaryMoreAndMore() {
        Route.Live five = new Route.Live("r", 1, 2, Route.Mode.SPLIT, 5);
        Route.Live half = new Route.Live("r", 2, 2, Route.Mode.SPLIT, 50);
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            String key = "person-" + i;
            taken += five.takes(key) ? 1 : 0;
            assertThat(five.takes(key) && !half.takes(key)).isFalse();
            assertThat(half.takes(key)).isEqualTo(half.takes(key));
        }
        assertThat(taken).isBetween(880, 1_120);
        assertThat(new Route.Live("r", 0, 2, Route.Mode.SHADOW, 0).takes("x")).isFalse();
    }

    private static Callable<List<Rollout>> ticking(RolloutDriver driver) {
        return driver::tick;
    }

    private static ModelVersion version(RolloutHome home, long number) {
        return home.database
                .read(tx -> home.registry.findVersion(tx, "income", number))
                .orElseThrow();
    }

    private static PromotionState promotion(RolloutHome home, Rollout rollout) {
        return home.database.read(tx -> home.promotions.find(tx, rollout.promotion())).state();
    }

    /** What a person does. */
    private interface Move {
        Rollout by(Transaction tx, Rollouts rollouts);
    }

    private static void write(RolloutHome home, Move move) {
        home.database.writing(tx -> move.by(tx, home.rollouts));
    }

    private static void reach(RolloutHome home, RolloutDriver driver, RolloutState state) {
        for (int i = 0; i < 100 && home.rollout().state() != state; i++) {
            home.later(Duration.ofSeconds(1));
            if (home.rollout().current().isPresent()) {
                home.traffic("a", 5, 0);
            }
            driver.tick();
        }
        assertThat(home.rollout().state()).isEqualTo(state);
    }

    private static AbstractThrowableAssert<?, ?> refused(ThrowingCallable work, String words) {
        return assertThatThrownBy(work)
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(words);
    }
}
