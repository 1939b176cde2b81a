package dev.weir.ml.traffic;

import static dev.weir.ml.traffic.TrafficExample.PRIMARY;
import static dev.weir.ml.traffic.TrafficExample.SHADOW;
import static dev.weir.ml.traffic.TrafficExample.START;
import static dev.weir.ml.traffic.TrafficExample.THREADS;
import static dev.weir.ml.traffic.TrafficExample.entry;
import static dev.weir.ml.traffic.TrafficExample.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.traffic.TrafficExample.SetClock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

class OutcomesTest {
    private static final Window DAY = Window.around(START, Duration.ofDays(1));

    @TempDir Path home;

    private final SetClock clock = new SetClock();
    private Traffic traffic;
    private Path out;

    @BeforeEach
    void open() {
        traffic = new Traffic(home, "default", TrafficExample.duckDb(home), clock);
        out = home.resolve("window.parquet");
    }

    private void predict(String id, Instant at, Origin origin, @Nullable String key) {
        try (PredictionLog log = traffic.log("income", LogPolicy.usual(), THREADS)) {
            log.offer(entry(id, at, origin, key, 30, "state", 0.7f));
        }
    }

    private WindowTable window() {
        return traffic.windows("income").write(DAY, Selection.all(), out);
    }

    @Test
    void theLastToArriveCountsAndAllAreKept() {
        predict("A", START, PRIMARY, "anna");
        predict("B", START.plusSeconds(1), PRIMARY, "bert");
        Outcomes outcomes = traffic.outcomes("income");
        clock.set(START.plus(Duration.ofHours(2)));
        outcomes.add(List.of(Outcome.of("A", ">50K"), Outcome.of("A", "<=50K")));
        clock.set(START.plus(Duration.ofHours(1))); // the clock went back: it still came later
        outcomes.add(List.of(Outcome.of("A", ">50K")));
        WindowTable table = window();
        assertThat(rows(out, "_id,_outcome,_outcomes,_contradicted"))
                .containsExactly("A|>50K|3|true", "B|-|0|false");
        assertThat(table.rows()).isEqualTo(2);
        assertThat(table.known()).isEqualTo(1);
        assertThat(table.contradicted()).isEqualTo(1);
        assertThat(table.coverage()).isEqualTo(0.5);
        assertThat(table.medianDelay()).isBetween(Duration.ofHours(2), Duration.ofMinutes(121));
    }

    @Test
    void oneWhosePredictionIsNotKnownWaitsForIt() {
        predict("A", START, PRIMARY, "anna");
        Outcomes.Added added =
                traffic.outcomes("income")
                        .add(
                                List.of(
                                        Outcome.of("late", ">50K"),
                                        Outcome.of("A", "<=50K"),
                                        Outcome.of("bert", START.plusSeconds(9), ">50K")));
        assertThat(added.matched()).isEqualTo(1);
        assertThat(added.waiting()).containsExactly(1, 3);
        predict("late", START.plusSeconds(2), PRIMARY, "carl");
        predict("B", START.plusSeconds(5), PRIMARY, "bert");
        window();
        assertThat(rows(out, "_id,_outcome")).containsExactly("A|<=50K", "late|>50K", "B|>50K");
        traffic.close();
        traffic.upkeep("income", Duration.ofDays(90));
        window();
        assertThat(rows(out, "_id,_outcome")).containsExactly("A|<=50K", "late|>50K", "B|>50K");
    }

    @Test
    void aShadowHearsTheOutcomeOfTheRequestThatItCopied() {
        predict("A", START, PRIMARY, "anna");
        predict("A", START, SHADOW, "anna");
        traffic.outcomes("income").add(List.of(Outcome.of("A", ">50K")));
        window();
        assertThat(rows(out, "_id,_version,_outcome"))
                .containsExactlyInAnyOrder("A|3|>50K", "A|4|>50K");
        assertThat(traffic.windows("income").training(DAY, out).known()).isEqualTo(1);
        assertThat(rows(out, "age,work,income")).containsExactly("30.0|state|>50K");
    }

    @Test
    void valuesAndReferencesAreCheckedAllOrNone() {
        predict("A", START, PRIMARY, "anna");
        Outcomes outcomes = traffic.outcomes("income");
        assertThatThrownBy(
                        () ->
                                outcomes.add(
                                        List.of(
                                                Outcome.of("A", ">50K"),
                                                Outcome.of("A", "maybe"),
                                                new Outcome(
                                                        null,
                                                        "anna",
                                                        null,
                                                        Outcome.LOOK_BACK,
                                                        ">50K"))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("row 2: income: maybe (expected: one of >50K, <=50K)")
                .hasMessageContaining("row 3: no prediction_id, a key, no time");
        assertThat(window().known()).isZero();
        assertThatThrownBy(() -> traffic.outcomes("nowhere").add(List.of(Outcome.of("A", "1"))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("nowhere: no predictions are logged");
    }

    @Test
    void tellsWhichWindowsHeardSomethingSince() {
        predict("A", START, PRIMARY, "anna");
        predict("B", START.plus(Duration.ofHours(3)), PRIMARY, "bert");
        clock.set(START.plus(Duration.ofHours(5)));
        Outcomes outcomes = traffic.outcomes("income");
        outcomes.add(List.of(Outcome.of("A", ">50K")));
        Instant seen = clock.instant().plusSeconds(1);
        clock.set(START.plus(Duration.ofHours(6)));
        outcomes.add(List.of(Outcome.of("bert", START.plus(Duration.ofHours(4)), ">50K")));
        Windows windows = traffic.windows("income");
        Duration hour = Duration.ofHours(1);
        assertThat(windows.touched(hour, Instant.EPOCH))
                .containsExactly(
                        Window.around(START, hour),
                        Window.around(START.plus(Duration.ofHours(3)), hour));
        assertThat(windows.touched(hour, seen))
                .containsExactly(Window.around(START.plus(Duration.ofHours(3)), hour));
        assertThat(windows.touched(hour, clock.instant())).isEmpty();
    }

    @Test
    void trainingRefusesInputsThatAreNotLoggedAsTheyCame() {
        LogPolicy masked = new LogPolicy(Set.of(), Set.of("age"), 1, Duration.ofDays(9), null);
        try (PredictionLog log = traffic.log("income", masked, THREADS)) {
            log.offer(entry("A", START, PRIMARY, null, 30, "state", 0.7f));
        }
        assertThatThrownBy(() -> traffic.windows("income").training(DAY, out))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("age: left out of the log, or masked in it");
    }

    @Test
    void aWindowWithoutRowsIsATableOfNone() {
        predict("A", START, PRIMARY, "anna");
        Window before =
                new Window(START.minus(Duration.ofDays(9)), START.minus(Duration.ofDays(8)));
        WindowTable table = traffic.windows("income").write(before, Selection.all(), out);
        assertThat(table.rows()).isZero();
        assertThat(rows(out, "_id,age,work,_outcome")).isEmpty();
        assertThat(table.coverage()).isZero();
    }

    @Test
    void erasesAPersonAndWhatWasSaidOfThem() {
        predict("A", START, PRIMARY, "anna");
        predict("B", START.plusSeconds(1), PRIMARY, "bert");
        Outcomes outcomes = traffic.outcomes("income");
        outcomes.add(
                List.of(
                        Outcome.of("A", ">50K"),
                        Outcome.of("anna", START.plusSeconds(9), ">50K"),
                        Outcome.of("B", ">50K")));
        clock.set(START.plusSeconds(60));
        try (PredictionLog log = traffic.log("income", LogPolicy.usual(), THREADS)) {
            log.offer(entry("C", START.plusSeconds(30), PRIMARY, "anna", 30, "x", 0.7f));
            Traffic.Erased erased = erasedWhileServing(log);
            assertThat(erased.predictions()).isEqualTo(1);
            assertThat(erased.open()).isEqualTo(2);
            window();
            assertThat(rows(out, "_id")).containsExactly("B");
            clock.set(START.plusSeconds(90));
            log.offer(entry("D", clock.instant(), PRIMARY, "anna", 30, "x", 0.7f));
        }
        traffic.close();
        traffic.upkeep("income", Duration.ofDays(90));
        window();
        assertThat(rows(out, "_id,_outcome")).containsExactly("B|>50K", "D|-");
        assertThat(traffic.erase("income", "nobody").predictions()).isZero();
    }

    private Traffic.Erased erasedWhileServing(PredictionLog log) {
        try {
            log.flush();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return traffic.erase("income", "anna");
    }

    @Test
    void forgetsWhatIsOlderThanItShouldBeKept() {
        predict("old", START.minus(Duration.ofDays(8)), PRIMARY, null);
        predict("new", START, PRIMARY, null);
        traffic.upkeep("income", Duration.ofDays(7));
        Window month = new Window(START.minus(Duration.ofDays(30)), START.plusSeconds(1));
        traffic.windows("income").write(month, Selection.all(), out);
        assertThat(rows(out, "_id")).containsExactly("new");
    }
}
