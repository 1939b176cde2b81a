package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.base.digest.Digest;
import dev.weir.store.blob.Artifact;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;
import dev.weir.store.meta.Transaction;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** What both databases keep of runs and attempts, and how claims meet on them. */
class PipelineDaoTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00.123456Z");
    private static final ProcessIdentity ME = new ProcessIdentity("host", 7, 8);
    private static final Step STEP =
            Step.named("fit", "train", new CommandKind(List.of("true")))
                    .output("out", "out")
                    .bounds(new Resources(1.5, 1L << 33, 1), Retries.NONE, null);
    private static final StepKey KEY = StepKey.of(STEP, Map.of());

    private final PipelineDao runs = new PipelineDao(Path.of("logs"));
    private final AttemptDao attempts = new AttemptDao(Path.of("logs"));

    private static <T> T read(Database database, Function<Transaction, T> work) {
        return database.<T>read(work);
    }

    private static <T> T write(Database database, Function<Transaction, T> work) {
        return database.<T>write(work);
    }

    private static RunRequest request(String runId) {
        return new RunRequest(
                runId,
                "default",
                "person:test",
                "manual",
                JsonNodeFactory.instance.objectNode().put("commit", "abc"),
                Set.of(),
                false);
    }

    private static RunRecord record(String runId, Instant started) {
        RunRequest request = request(runId);
        return new RunRecord(
                runId,
                request.workspace(),
                "income",
                RunStatus.RUNNING,
                request.trigger(),
                request.actor(),
                request.project(),
                started,
                null,
                null);
    }

    private static Attempt attempt(String id) {
        return new Attempt(id, STEP, Path.of("work", id), Path.of("logs", id), Map.of());
    }

    private void begin(Database database, String runId, Instant at) {
        database.writing(tx -> runs.insertRun(tx, record(runId, at), ME, at.plusSeconds(60)));
    }

    private boolean start(Database database, String runId, String attemptId) {
        return database.write(
                tx ->
                        attempts.start(
                                tx,
                                request(runId),
                                attempt(attemptId),
                                STEP,
                                1,
                                KEY.hex(),
                                ME,
                                T0,
                                T0.plusSeconds(60)));
    }

    private static StepResult result(String text, String runId) {
        TreeMap<String, Artifact> outputs = new TreeMap<>();
        outputs.put("out", Artifact.file(Digest.ofText(text)));
        return new StepResult(
                KEY.hex(),
                outputs,
                JsonNodeFactory.instance.objectNode().put("roc_auc", 0.927),
                runId);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aRunIsKeptAsItWasAndEndsOnce(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            begin(database, "r1", T0);
            begin(database, "r2", T0.plusSeconds(1));
            var seen1 = read(database, tx -> runs.run(tx, "default", "r1"));
            assertThat(seen1).contains(record("r1", T0));
            var seen2 = read(database, tx -> runs.run(tx, "other", "r1"));
            assertThat(seen2).isEmpty();
            var seen3 = read(database, tx -> runs.runs(tx, "default", null, 9));
            assertThat(seen3).extracting(RunRecord::runId).containsExactly("r2", "r1");
            var seen4 = read(database, tx -> runs.runs(tx, "default", "income", 1));
            assertThat(seen4).hasSize(1);
            var seen5 = read(database, tx -> runs.runs(tx, "default", "rent", 9));
            assertThat(seen5).isEmpty();
            PipelineDao.LiveRun seen = read(database, runs::liveRuns).getFirst();
            database.writing(tx -> runs.extendLease(tx, seen.runId(), T0.plusSeconds(90)));
            var seen6 = write(database, tx -> runs.loseRun(tx, seen, T0, "gone"));
            assertThat(seen6).isFalse();
            PipelineDao.LiveRun now =
                    read(database, runs::liveRuns).stream()
                            .filter(r -> r.runId().equals(seen.runId()))
                            .findFirst()
                            .orElseThrow();
            var seen7 = write(database, tx -> runs.loseRun(tx, now, T0, "gone"));
            assertThat(seen7).isTrue();
            var seen8 = write(database, tx -> runs.loseRun(tx, now, T0, "gone"));
            assertThat(seen8).isFalse();
            database.writing(tx -> runs.endRun(tx, now.runId(), RunStatus.PASSED, T0, null));
            var seen9 = read(database, tx -> runs.run(tx, "default", now.runId()));
            assertThat(seen9).get().extracting(RunRecord::status).isEqualTo(RunStatus.PASSED);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aKeyHasOneLiveAttemptAndALateWriterIsRefused(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            begin(database, "r1", T0);
            assertThat(start(database, "r1", "a1")).isTrue();
            assertThat(start(database, "r1", "a2")).isFalse();
            var seen10 = read(database, tx -> attempts.inUse(tx, "host"));
            assertThat(seen10).isEqualTo(STEP.resources());
            var seen11 = read(database, tx -> attempts.inUse(tx, "elsewhere"));
            assertThat(seen11).isEqualTo(Resources.NONE);
            AttemptDao.Live seen = read(database, attempts::live).getFirst();
            assertThat(seen.process()).isEqualTo(ME);
            assertThat(lost(database, T0.plusSeconds(90), "a1", "a9")).containsExactly("a9");
            var seen12 = write(database, tx -> attempts.lose(tx, seen, T0, "gone"));
            assertThat(seen12).isFalse();
            AttemptDao.Live now = read(database, attempts::live).getFirst();
            var seen13 = write(database, tx -> attempts.lose(tx, now, T0, "gone"));
            assertThat(seen13).isTrue();
            assertThat(start(database, "r1", "a3")).isTrue();
            assertThat(ended(database, "a1")).isFalse();
            var seen14 = read(database, tx -> attempts.isRunning(tx, "a1"));
            assertThat(seen14).isFalse();
            var seen15 = read(database, tx -> attempts.isRunning(tx, "a3"));
            assertThat(seen15).isTrue();
            assertThat(ended(database, "a3")).isTrue();
            var seen16 = read(database, tx -> attempts.attempts(tx, "r1"));
            assertThat(seen16)
                    .extracting(AttemptReport::attemptId, AttemptReport::state)
                    .containsExactlyInAnyOrder(tuple("a1", "lost"), tuple("a3", "succeeded"));
            var seen17 = read(database, tx -> tokens(tx));
            assertThat(seen17).containsExactly(1L, 2L);
        }
    }

    private static List<Long> tokens(Transaction tx) {
        return tx.handle()
                .createQuery("select token from attempt order by attempt_id")
                .mapTo(Long.class)
                .list();
    }

    private boolean ended(Database database, String attemptId) {
        return database.write(tx -> attempts.end(tx, attemptId, AttemptState.SUCCEEDED, T0, null));
    }

    private List<String> lost(Database database, Instant until, String... ids) {
        return database.write(tx -> attempts.extendLeases(tx, List.of(ids), until));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void resultsAndStepsAreKeptAndTheNewestWins(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            begin(database, "r1", T0);
            StepReport step =
                    new StepReport(
                            "fit", "train", Outcome.FAILED, KEY.hex(), T0, T0, "too hot", null);
            StepReport better =
                    new StepReport("fit", "train", Outcome.EXECUTED, KEY.hex(), T0, T0, null, null);
            database.writing(
                    tx -> {
                        attempts.saveKey(tx, "default", KEY);
                        attempts.saveKey(tx, "default", KEY);
                        attempts.saveSteps(tx, "r1", List.of(new AttemptDao.Placed(step, 0)));
                        attempts.saveSteps(tx, "r1", List.of(new AttemptDao.Placed(better, 0)));
                        attempts.saveResult(tx, "default", "fit", result("a", "r1"), "a1", T0);
                        attempts.saveResult(tx, "default", "fit", result("b", "r1"), "a2", T0);
                    });
            var seen18 = read(database, tx -> attempts.result(tx, "default", KEY.hex()));
            assertThat(seen18).contains(result("b", "r1"));
            var seen19 = read(database, tx -> attempts.result(tx, "other", KEY.hex()));
            assertThat(seen19).isEmpty();
            var seen20 = read(database, tx -> runs.steps(tx, "r1"));
            assertThat(seen20).containsExactly(better);
            var seen21 = read(database, tx -> runs.lastResults(tx, "default", "income"));
            assertThat(seen21).containsOnly(Map.entry(KEY.hex(), result("b", "r1")));
            var seen22 = read(database, tx -> runs.lastComponents(tx, "default", "income", "fit"));
            assertThat(seen22).contains(KEY.components());
        }
    }

    /**
     * Sixteen claimants, again and again: one has it, and nobody is told of a broken constraint.
     */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void ofManyThatClaimAtOnceOneHasIt(Dialect dialect) throws Exception {
        try (Database database = TestDatabases.fresh(dialect);
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            begin(database, "r1", T0);
            for (int round = 0; round < 10; round++) {
                CountDownLatch go = new CountDownLatch(1);
                List<Future<Boolean>> claims = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    String id = round + "-" + i;
                    claims.add(
                            threads.submit(
                                    () -> {
                                        go.await();
                                        return start(database, "r1", id);
                                    }));
                }
                go.countDown();
                int won = 0;
                for (Future<Boolean> claim : claims) {
                    won += claim.get() ? 1 : 0;
                }
                assertThat(won).as("round %d", round).isOne();
                String winner = read(database, attempts::live).getFirst().attemptId();
                assertThat(ended(database, winner)).isTrue();
            }
        }
    }
}
