package dev.weir.ml.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.store.meta.Database;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

@ParameterizedClass
@EnumSource(Dialect.class)
class TrackingTest {
    private static final String RUN = "0123456789abcdef0123456789abcdef";

    private final Database database;
    private final AtomicLong seconds = new AtomicLong();
    private final Clock clock =
            InstantSource.offset(
                            () -> Instant.ofEpochSecond(1_700_000_000 + seconds.incrementAndGet()),
                            Duration.ZERO)
                    .withZone(ZoneOffset.UTC);
    private final Tracking tracking = new Tracking("default", clock);

    TrackingTest(Dialect dialect) {
        database = TestDatabases.fresh(dialect);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void defaultExistsAtStartAndExperimentsAreMadeOnce() {
        Experiment first = database.write(tx -> tracking.experiment(tx, "income"));
        Experiment again = database.write(tx -> tracking.experiment(tx, "income"));
        Experiment other = database.write(tx -> tracking.experiment(tx, "bikes"));
        assertThat(first).isEqualTo(again);
        assertThat(first.id()).isEqualTo("1");
        assertThat(other.id()).isEqualTo("2");
        assertThat(database.<List<Experiment>>read(tx -> tracking.experiments(tx)))
                .extracting(Experiment::name)
                .containsExactly("bikes", "income", "Default");
        assertThat(database.<Optional<Experiment>>read(tx -> tracking.experimentOfId(tx, "0")))
                .map(Experiment::name)
                .hasValue("Default");
    }

    @Test
    void workspacesDoNotSeeEachOther() {
        database.writing(
                tx ->
                        tx.handle()
                                .execute(
                                        "insert into workspace (name, created_us, created_by)"
                                                + " values ('b', 0, 'test')"));
        Tracking other = new Tracking("b", clock);
        database.writing(
                tx -> {
                    tracking.experiment(tx, "income");
                    tracking.start(tx, NewRun.of(RUN, "1", "a", "anna"));
                    assertThat(other.experiment(tx, "income").id()).isEqualTo("1");
                });
        assertThat(database.<Optional<RunInfo>>read(tx -> other.findRun(tx, RUN))).isEmpty();
        assertThat(database.<List<Run>>read(tx -> other.recent(tx, List.of("1"), 10))).isEmpty();
        assertThatThrownBy(() -> database.writing(tx -> other.log(tx, RUN, Batch.ofTags(Map.of()))))
                .hasMessage("Run with id=" + RUN + " not found");
    }

    @Test
    void aRunKeepsWhatItLogged() {
        RunInput input =
                new RunInput(
                        "adult",
                        "ab12",
                        "weir",
                        "adult@1",
                        "",
                        "",
                        Map.of(RunInput.CONTEXT, "training"));
        database.writing(
                tx -> {
                    tracking.start(tx, NewRun.of(RUN, "0", "brave-otter-12", "anna"));
                    tracking.log(
                            tx,
                            RUN,
                            new Batch(
                                    Map.of("depth", "6"),
                                    List.of(Metric.of("auc", 0.9, 5)),
                                    Map.of("team", "x")));
                    tracking.input(tx, RUN, input);
                    tracking.input(tx, RUN, input);
                    tracking.end(tx, RUN, RunStatus.FINISHED);
                });
        Run run = database.read(tx -> tracking.run(tx, RUN));
        assertThat(run.params()).isEqualTo(Map.of("depth", "6"));
        assertThat(run.metrics()).isEqualTo(Map.of("auc", new MetricPoint(0.9, 5, 0)));
        assertThat(run.tags()).isEqualTo(Map.of("team", "x", "mlflow.runName", "brave-otter-12"));
        assertThat(run.info().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.info().ended()).isAfter(run.info().started());
        assertThat(database.<List<RunInput>>read(tx -> tracking.inputs(tx, RUN)))
                .containsExactly(input);
    }

    @Test
    void theTagOfTheNameRenamesTheRun() {
        started();
        log(Batch.ofTags(Map.of("mlflow.runName", "quiet-crane-3")));
        assertThat(database.read(tx -> tracking.run(tx, RUN)).info().name())
                .isEqualTo("quiet-crane-3");
    }

    @Test
    void aParameterNeverChangesAndTheWholeBatchIsRefused() {
        started();
        log(Batch.ofParams(Map.of("depth", "6")));
        log(Batch.ofParams(Map.of("depth", "6", "eta", "0.1")));
        assertThatThrownBy(
                        () ->
                                log(
                                        new Batch(
                                                Map.of("depth", "7"),
                                                List.of(Metric.of("auc", 1, 1)),
                                                Map.of("t", "v"))))
                .hasMessage(
                        "Changing param values is not allowed. Param with key='depth' was already"
                                + " logged with value='6' for run ID='"
                                + RUN
                                + "'. Attempted logging new value '7'.");
        Run run = database.read(tx -> tracking.run(tx, RUN));
        assertThat(run.params()).isEqualTo(Map.of("depth", "6", "eta", "0.1"));
        assertThat(run.metrics()).isEmpty();
        assertThat(run.tags()).doesNotContainKey("t");
    }

    /** The sequence of MLflow's own Java suite (reference/mlflow-rest.md, section 3). */
    @Test
    void historyComesInLoggedOrderWithEveryDouble() {
        started();
        List<MetricPoint> points =
                List.of(
                        new MetricPoint(Double.NaN, 1000, 1),
                        new MetricPoint(Double.POSITIVE_INFINITY, 2000, -5),
                        new MetricPoint(-3.0, 3000, 4),
                        new MetricPoint(Double.NEGATIVE_INFINITY, 2999, 4));
        points.forEach(p -> log(Batch.ofMetrics(List.of(new Metric("m", p)))));
        assertThat(history(RUN, "m")).isEqualTo(points);
        assertThat(database.read(tx -> tracking.run(tx, RUN)).metrics().get("m"))
                .isEqualTo(points.get(2));
        assertThat(history(RUN, "other")).isEmpty();
    }

    @Test
    void latestAndHistoryAgreeWithASimpleModel() {
        double[] values = {Double.NaN, Double.POSITIVE_INFINITY, -1, 0, 1e-300, 7};
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            String run = "run" + seed;
            database.writing(tx -> tracking.start(tx, NewRun.of(run, "0", "r", "anna")));
            Map<String, LinkedHashSet<MetricPoint>> model = new TreeMap<>();
            for (int call = 0; call < 12; call++) {
                List<Metric> metrics = new ArrayList<>();
                for (int i = random.nextInt(5); i >= 0; i--) {
                    String key = "k" + random.nextInt(3);
                    MetricPoint point =
                            new MetricPoint(
                                    values[random.nextInt(values.length)],
                                    random.nextInt(3),
                                    random.nextInt(4) - 1);
                    metrics.add(new Metric(key, point));
                    model.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(point);
                }
                database.writing(tx -> tracking.log(tx, run, Batch.ofMetrics(metrics)));
            }
            Run found = database.read(tx -> tracking.run(tx, run));
            assertThat(found.metrics().keySet()).as("seed %d", seed).isEqualTo(model.keySet());
            model.forEach(
                    (key, points) -> {
                        assertThat(found.metrics().get(key))
                                .as("seed of %s, key %s", run, key)
                                .isEqualTo(Collections.max(points));
                        assertThat(history(run, key))
                                .as("seed of %s, key %s", run, key)
                                .containsExactlyElementsOf(points);
                    });
        }
    }

    @Test
    void recentRunsComeNewestFirstAndFromTheExperimentsAskedFor() {
        database.writing(tx -> tracking.experiment(tx, "income"));
        for (int i = 0; i < 6; i++) {
            NewRun run = NewRun.of("r" + i, i % 2 == 0 ? "0" : "1", "n", "anna");
            database.writing(tx -> tracking.start(tx, run));
        }
        assertThat(recent(List.of("1"), 10)).containsExactly("r5", "r3", "r1");
        assertThat(recent(List.of("0", "1"), 3)).containsExactly("r5", "r4", "r3");
        assertThat(recent(List.of(), 3)).isEmpty();
    }

    @Test
    void refusesARunOfAnIdThatIsTakenOrOfAnUnknownExperiment() {
        started();
        assertThatThrownBy(this::started)
                .hasMessage("run id: " + RUN + " is taken (expected: a new id)");
        assertThatThrownBy(
                        () ->
                                database.write(
                                        tx -> tracking.start(tx, NewRun.of("x", "9", "n", "u"))))
                .hasMessage("experiment: no experiment has id 9");
        assertThatThrownBy(
                        () ->
                                database.write(
                                        tx -> tracking.start(tx, NewRun.of("../x", "0", "n", "u"))))
                .hasMessageContaining("run id: ../x (expected: a letter or digit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a//b", "a/../b", "..", "a/", "a;b", "a'b", "a\u0000b"})
    void refusesKeysThatAreNoPathThatStaysInside(String key) {
        started();
        assertThatThrownBy(() -> log(Batch.ofMetrics(List.of(Metric.of(key, 1, 1)))))
                .hasMessageStartingWith("metric name: '" + key + "'");
        assertThatThrownBy(() -> log(Batch.ofParams(Map.of(key, "1"))))
                .hasMessageStartingWith("param name: '" + key + "'");
    }

    @Test
    void takesNamesOfAnyLanguageUpToTheLimit() {
        started();
        String longest = "größe/β".repeat(30);
        log(Batch.ofParams(Map.of(longest, "x".repeat(6000))));
        assertThatThrownBy(() -> log(Batch.ofParams(Map.of("a".repeat(251), "1"))))
                .hasMessage("'Param name' exceeds the maximum length of 250 characters");
        assertThatThrownBy(() -> log(Batch.ofParams(Map.of("a", "1".repeat(6001)))))
                .hasMessage("'Value of param a' exceeds the maximum length of 6000 characters");
        assertThat(database.read(tx -> tracking.run(tx, RUN)).params()).containsKey(longest);
    }

    private void started() {
        database.writing(tx -> tracking.start(tx, NewRun.of(RUN, "0", "r", "anna")));
    }

    private void log(Batch batch) {
        database.writing(tx -> tracking.log(tx, RUN, batch));
    }

    private List<MetricPoint> history(String run, String key) {
        return database.read(tx -> tracking.history(tx, run, key));
    }

    private List<String> recent(List<String> experiments, int limit) {
        return database.read(tx -> tracking.recent(tx, experiments, limit)).stream()
                .map(run -> run.info().id())
                .toList();
    }
}
