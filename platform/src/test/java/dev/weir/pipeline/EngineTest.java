package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.store.blob.Artifact;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EngineTest {
    @TempDir Path folder;
    private TestHome home;

    @BeforeEach
    void open() {
        home = new TestHome(folder);
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        home.database.read(
                tx -> {
                    assertThat(new AttemptDao(Path.of("logs")).live(tx)).isEmpty();
                    assertThat(new PipelineDao(Path.of("logs")).liveRuns(tx)).isEmpty();
                    return true;
                });
        home.blobs.all().forEach(d -> assertThat(home.blobs.verify(d)).hasToString("SOUND"));
        if (Files.exists(folder.resolve("work"))) {
            try (Stream<Path> left = Files.list(folder.resolve("work"))) {
                assertThat(left).isEmpty();
            }
        }
        home.close();
    }

    private static Step shell(String name, String line) {
        return Step.named(name, "ingest", new CommandKind(List.of("sh", "-c", line)));
    }

    private static Input from(String step, String output) {
        return new Input.FromStep(step, output, "in/" + output);
    }

    private Input given(String text) {
        Digest digest = home.blobs.put(text.getBytes(StandardCharsets.UTF_8));
        return new Input.Given(Artifact.file(digest), "in/text", "a text");
    }

    /** A kind in this process, which writes {@code out}. */
    private record Java(String id, Body body) implements StepKind {
        interface Body {
            String text(Attempt attempt) throws InterruptedException;
        }

        @Override
        public JsonNode run(Attempt attempt) throws InterruptedException {
            try {
                Files.writeString(attempt.output("out"), body.text(attempt));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return JsonNodeFactory.instance.objectNode().put("measured", 1);
        }
    }

    private static Step java(String name, Java.Body body) {
        return Step.named(name, "train", new Java(name, body)).output("out", "out");
    }

    private Pipeline chain(String text) {
        return Pipeline.of(
                "chain",
                List.of(
                        shell("upper", "tr a-z A-Z < in/text > up")
                                .input("text", given(text))
                                .output("up", "up"),
                        shell("count", "wc -c < in/up | tr -d ' ' > n; ls > seen")
                                .input("up", from("upper", "up"))
                                .output("n", "n")
                                .output("seen", "seen")));
    }

    @Test
    void executesOnceAndThenTakesWhatItKnows() {
        RunReport first = home.engine().run(chain("hello"), home.request(), Progress.SILENT);
        assertThat(first.status()).isEqualTo(RunStatus.PASSED);
        assertThat(TestHome.outcomes(first)).containsExactly("upper:executed", "count:executed");
        assertThat(home.text(first, "upper", "up")).isEqualTo("HELLO");
        assertThat(home.text(first, "count", "n")).isEqualTo("5\n");
        RunReport second = home.engine().run(chain("hello"), home.request(), Progress.SILENT);
        assertThat(TestHome.outcomes(second)).containsExactly("upper:cached", "count:cached");
        assertThat(second.results()).isEqualTo(first.results());
        assertThat(home.heard).containsExactly("started", "passed", "started", "passed");
    }

    @Test
    void aStepFindsItsInputsAndItsCodeAndNothingElse() throws IOException {
        Path code = Files.createDirectories(folder.resolve("project/src"));
        Files.writeString(code.resolve("run.sh"), "find . -type f ! -name out | sort");
        Digest tree = home.trees.putFolder(folder.resolve("project"), f -> true);
        Step step =
                shell("look", "sh src/run.sh > out")
                        .code(tree)
                        .input("text", given("x"))
                        .output("out", "out");
        RunReport report =
                home.engine().run(Pipeline.of("p", List.of(step)), home.request(), Progress.SILENT);
        assertThat(home.text(report, "look", "out")).isEqualTo("./in/text\n./src/run.sh\n");
    }

    @Test
    void anEqualOutputStopsTheWave() {
        home.engine().run(chain("hello"), home.request(), Progress.SILENT);
        RunReport other = home.engine().run(chain("HELLO"), home.request(), Progress.SILENT);
        assertThat(TestHome.outcomes(other)).containsExactly("upper:executed", "count:cached");
    }

    @Test
    void thePlanSaysWhatWouldRunAndWhy() {
        Engine engine = home.engine();
        assertThat(planned(engine, chain("hello")))
                .containsExactly(
                        "upper MISS [it never ran]", "count DEPENDS [on what upper gives]");
        engine.run(chain("hello"), home.request(), Progress.SILENT);
        assertThat(planned(engine, chain("hello")))
                .allMatch(line -> line.contains(" HIT [computed by run "));
        assertThat(planned(engine, chain("other")).getFirst())
                .isEqualTo("upper MISS [input text changed]");
        Step before = shell("s", "echo > out").output("out", "out");
        JsonNode eta = JsonNodeFactory.instance.objectNode().put("eta", 0.1);
        JsonNode more = JsonNodeFactory.instance.objectNode().put("eta", 0.3);
        engine.run(Pipeline.of("q", List.of(before.params(eta))), home.request(), Progress.SILENT);
        assertThat(planned(engine, Pipeline.of("q", List.of(before.params(more)))))
                .containsExactly("s MISS [param eta: 0.1 → 0.3]");
        assertThat(planned(engine, Pipeline.of("q", List.of(before.params(eta).cacheSalt("2")))))
                .containsExactly("s MISS [salt changed]");
    }

    private static List<String> planned(Engine engine, Pipeline pipeline) {
        return engine.plan(pipeline, "default", Set.of()).steps().stream()
                .map(s -> s.step() + " " + s.expectation() + " " + s.because())
                .toList();
    }

    @Test
    void resourcesRetriesAndTimeoutsFeedNoKey() {
        Step plain = shell("s", "echo 1 > out").output("out", "out");
        Step bounded =
                plain.bounds(
                        new Resources(2, 1 << 20, 0),
                        new Retries(3, Duration.ofSeconds(1)),
                        Duration.ofHours(1));
        home.engine().run(Pipeline.of("p", List.of(plain)), home.request(), Progress.SILENT);
        RunReport again =
                home.engine()
                        .run(Pipeline.of("p", List.of(bounded)), home.request(), Progress.SILENT);
        assertThat(TestHome.outcomes(again)).containsExactly("s:cached");
    }

    @Test
    void independentStepsRunSideBySide() {
        CyclicBarrier both = new CyclicBarrier(2);
        Java.Body meet =
                attempt -> {
                    try {
                        both.await(60, TimeUnit.SECONDS);
                        return "met";
                    } catch (Exception e) {
                        throw new IllegalStateException("alone", e);
                    }
                };
        Pipeline pipeline = Pipeline.of("p", List.of(java("a", meet), java("b", meet)));
        assertThat(home.engine().run(pipeline, home.request(), Progress.SILENT).status())
                .isEqualTo(RunStatus.PASSED);
    }

    @Test
    void neverUsesMoreThanTheMachineHas() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Resources needs = new Resources(i % 3 == 0 ? 2 : 1, 0, 0);
            steps.add(
                    java(
                                    "s" + i,
                                    attempt -> {
                                        int cpu = (int) needs.cpu();
                                        most.accumulateAndGet(now.addAndGet(cpu), Math::max);
                                        Thread.onSpinWait();
                                        now.addAndGet(-cpu);
                                        return attempt.step();
                                    })
                            .bounds(needs, Retries.NONE, null));
        }
        home.engine().run(Pipeline.of("p", steps), home.request(), Progress.SILENT);
        assertThat(most.get()).isBetween(1, 2);
        Step tooBig = java("big", a -> "").bounds(new Resources(64, 0, 0), Retries.NONE, null);
        Pipeline impossible = Pipeline.of("q", List.of(tooBig));
        assertThatThrownBy(() -> home.engine().run(impossible, home.request(), Progress.SILENT))
                .hasMessageContaining("big asks for");
    }

    @Test
    void triesAgainWhatFailsAsOftenAsItMay() {
        AtomicInteger calls = new AtomicInteger();
        Step flaky =
                java(
                                "flaky",
                                attempt -> {
                                    if (calls.incrementAndGet() < 3) {
                                        throw Problem.step("x", "not yet").exception();
                                    }
                                    return "done";
                                })
                        .bounds(Resources.ONE_CORE, new Retries(3, Duration.ofMillis(1)), null);
        RunReport report =
                home.engine()
                        .run(Pipeline.of("p", List.of(flaky)), home.request(), Progress.SILENT);
        assertThat(report.status()).isEqualTo(RunStatus.PASSED);
        assertThat(home.engine().attempts(report.runId()))
                .extracting(AttemptReport::state)
                .containsExactly("failed", "failed", "succeeded");
    }

    @Test
    void triesWrongInputOnlyOnce() {
        AtomicInteger calls = new AtomicInteger();
        Step wrong =
                java(
                                "wrong",
                                attempt -> {
                                    calls.incrementAndGet();
                                    throw Problem.input("x", "line 7 is ragged").exception();
                                })
                        .bounds(Resources.ONE_CORE, new Retries(3, Duration.ZERO), null);
        RunReport report =
                home.engine()
                        .run(Pipeline.of("p", List.of(wrong)), home.request(), Progress.SILENT);
        assertThat(calls).hasValue(1);
        assertThat(report.problems().getFirst().kind()).isEqualTo(Kind.INPUT);
        assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void endsAStepThatRunsPastItsTimeout() {
        Step slow =
                shell("slow", "sleep 300 & sleep 300; echo > out")
                        .output("out", "out")
                        .bounds(Resources.ONE_CORE, Retries.NONE, Duration.ofMillis(200));
        RunReport report =
                home.engine().run(Pipeline.of("p", List.of(slow)), home.request(), Progress.SILENT);
        assertThat(report.problems().getFirst().message())
                .isEqualTo("slow: ran past its timeout of 0.2 s");
        assertThat(home.engine().attempts(report.runId()).getFirst().state())
                .isEqualTo("timed_out");
        assertThat(descendantsNamed("sleep")).isEmpty();
    }

    @Test
    void leavesACleanStateWhenItIsCancelled() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Progress progress =
                new Progress() {
                    @Override
                    public void started(Step step, int attempt) {
                        started.countDown();
                    }
                };
        Pipeline pipeline =
                Pipeline.of(
                        "p",
                        List.of(
                                shell("slow", "sleep 300; echo > out").output("out", "out"),
                                shell("next", "cp in/out x")
                                        .input("out", from("slow", "out"))
                                        .output("x", "x")));
        Engine engine = home.engine();
        CompletableFuture<RunReport> run =
                CompletableFuture.supplyAsync(() -> engine.run(pipeline, home.request(), progress));
        started.await();
        engine.cancel();
        RunReport report = run.get();
        assertThat(report.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(TestHome.outcomes(report)).containsExactly("slow:skipped", "next:skipped");
        assertThat(engine.attempts(report.runId()).getFirst().state()).isEqualTo("cancelled");
        assertThat(home.heard).containsExactly("started", "cancelled");
        assertThat(descendantsNamed("sleep")).isEmpty();
    }

    private static List<ProcessHandle> descendantsNamed(String name) {
        return ProcessHandle.current()
                .descendants()
                .filter(p -> p.isAlive() && p.info().command().orElse("").endsWith(name))
                .filter(
                        p ->
                                !p.onExit()
                                        .completeOnTimeout(p, 10, TimeUnit.SECONDS)
                                        .join()
                                        .isAlive())
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    @Test
    void aFailureSkipsWhatFollowsAndWithKeepGoingOnlyThat() {
        List<Step> steps =
                List.of(
                        shell("bad", "exit 3").output("out", "out"),
                        shell("after", "cp in/out x")
                                .input("out", from("bad", "out"))
                                .output("x", "x"),
                        shell("other", "sleep 0.1; echo > y")
                                .output("y", "y")
                                .after(Set.of("good")),
                        shell("good", "echo > y").output("y", "y"));
        Engine engine = home.engine(new Resources(1, 0, 0), EngineParts.LEASE);
        RunReport stopped = engine.run(Pipeline.of("p", steps), home.request(), Progress.SILENT);
        assertThat(TestHome.outcomes(stopped))
                .containsExactlyInAnyOrder(
                        "bad:failed", "after:skipped", "good:skipped", "other:skipped");
        assertThat(stopped.problems().getFirst().message()).isEqualTo("bad: exit code 3");
        RunReport going = engine.run(Pipeline.of("p", steps), home.keepGoing(), Progress.SILENT);
        assertThat(TestHome.outcomes(going))
                .containsExactlyInAnyOrder(
                        "bad:failed", "after:skipped", "good:executed", "other:executed");
        assertThat(going.status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void aTransitionIsPassedEveryTimeAndMayStopTheRun() {
        AtomicInteger passages = new AtomicInteger();
        Step measure = java("measure", attempt -> "x");
        Step publish = java("publish", attempt -> "y").after(Set.of("gate"));
        Transition gate =
                new Transition(
                        "gate",
                        "validate",
                        Set.of("measure"),
                        (run, results) -> {
                            assertThat(results.of("measure").evidence().get("measured").intValue())
                                    .isOne();
                            return passages.incrementAndGet() == 2
                                    ? new Transition.Decision.Stop("roc_auc is 0.5")
                                    : new Transition.Decision.Proceed();
                        });
        Pipeline pipeline = Pipeline.of("p", List.of(measure, publish, gate));
        Engine engine = home.engine();
        RunReport first = engine.run(pipeline, home.request(), Progress.SILENT);
        assertThat(TestHome.outcomes(first))
                .containsExactly("measure:executed", "publish:executed");
        RunReport second = engine.run(pipeline, home.request(), Progress.SILENT);
        assertThat(second.status()).isEqualTo(RunStatus.REJECTED);
        assertThat(second.problems().getFirst().message()).isEqualTo("roc_auc is 0.5");
        assertThat(TestHome.outcomes(second)).containsExactly("measure:cached", "publish:skipped");
        RunReport third = engine.run(pipeline, home.request(), Progress.SILENT);
        assertThat(TestHome.outcomes(third)).containsExactly("measure:cached", "publish:cached");
        assertThat(passages).hasValue(3);
    }

    @Test
    void aTransitionJudgesFailuresThatAreItsOwnToJudge() {
        Step measure =
                java(
                        "measure",
                        attempt -> {
                            throw Problem.step("model.process", "it hangs").exception();
                        });
        Step compare = java("compare", attempt -> "x").after(Set.of("measure"));
        Step other = java("other", attempt -> "y");
        Transition gate =
                new Transition(
                        "gate",
                        "validate",
                        Set.of("measure", "compare", "other"),
                        (step, problem) -> problem.code().startsWith("model."),
                        (run, results) -> {
                            assertThat(results.failure("other")).isEmpty();
                            assertThat(results.of("other")).isNotNull();
                            return new Transition.Decision.Stop(
                                    results.failure("compare").orElseThrow().message());
                        });
        Engine engine = home.engine();
        RunReport report =
                engine.run(
                        Pipeline.of("p", List.of(measure, compare, other, gate)),
                        home.request(),
                        Progress.SILENT);
        assertThat(report.status()).isEqualTo(RunStatus.REJECTED);
        assertThat(report.problems().getFirst().message()).isEqualTo("it hangs");
        assertThat(TestHome.outcomes(report))
                .containsExactlyInAnyOrder("measure:failed", "compare:skipped", "other:executed");
        Transition strict = new Transition("gate", "validate", Set.of("measure"), gate.passage());
        RunReport failed =
                engine.run(
                        Pipeline.of("p", List.of(measure, strict)),
                        home.request(),
                        Progress.SILENT);
        assertThat(failed.status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void aDefectInATransitionClosesTheRunBeforeItIsThrown() {
        Transition broken =
                new Transition(
                        "broken",
                        "validate",
                        Set.of(),
                        (run, results) -> {
                            throw new IllegalStateException("a defect");
                        });
        RunRequest request = home.request();
        assertThatThrownBy(
                        () ->
                                home.engine()
                                        .run(
                                                Pipeline.of("p", List.of(broken)),
                                                request,
                                                Progress.SILENT))
                .hasMessage("a defect");
        assertThat(home.engine().find("default", request.runId()))
                .get()
                .extracting(RunRecord::status)
                .isEqualTo(RunStatus.FAILED);
        assertThat(home.heard).containsExactly("started", "failed");
    }

    @Test
    void saysWhichProgramDoesNotStart() {
        Step step = Step.named("s", "ingest", new CommandKind(List.of("no-such-program")));
        RunReport report =
                home.engine().run(Pipeline.of("p", List.of(step)), home.request(), Progress.SILENT);
        assertThat(report.problems().getFirst().message())
                .isEqualTo("s: no-such-program does not start");
    }

    @Test
    void refusesALateWriterAndTakesTheStepAgain() {
        AtomicInteger calls = new AtomicInteger();
        Step overtaken =
                java(
                        "overtaken",
                        attempt -> {
                            if (calls.incrementAndGet() == 1) {
                                home.database.writing(
                                        tx ->
                                                new AttemptDao(Path.of("logs"))
                                                        .end(
                                                                tx,
                                                                attempt.id(),
                                                                AttemptState.LOST,
                                                                Clock.systemUTC().instant(),
                                                                "paused too long"));
                                return "late";
                            }
                            return "in time";
                        });
        Step after =
                shell("after", "cp in/out x")
                        .input("out", from("overtaken", "out"))
                        .output("x", "x");
        RunReport report =
                home.engine()
                        .run(
                                Pipeline.of("p", List.of(overtaken, after)),
                                home.request(),
                                Progress.SILENT);
        assertThat(report.status()).isEqualTo(RunStatus.PASSED);
        assertThat(calls).hasValue(2);
        assertThat(home.text(report, "after", "x")).isEqualTo("in time");
        assertThat(home.engine().attempts(report.runId()))
                .filteredOn(a -> a.step().equals("overtaken"))
                .extracting(AttemptReport::state)
                .containsExactly("lost", "succeeded");
    }

    @Test
    void makesACorruptBlobAgain() throws IOException {
        RunReport first = home.engine().run(chain("hello"), home.request(), Progress.SILENT);
        Path blob = home.blobs.localPath(first.result("upper").output("up").digest()).orElseThrow();
        assertThat(blob.toFile().setWritable(true)).isTrue();
        Files.writeString(blob, "HELL0");
        List<String> notes = new ArrayList<>();
        RunReport again =
                home.engine()
                        .run(
                                chain("hello"),
                                home.request("count"),
                                new Progress() {
                                    @Override
                                    public void note(String sentence) {
                                        notes.add(sentence);
                                    }
                                });
        assertThat(again.status()).isEqualTo(RunStatus.PASSED);
        assertThat(home.text(again, "count", "n")).isEqualTo("5\n");
        assertThat(notes.getFirst()).contains("corrupt").endsWith("; made again by upper");
        assertThat(TestHome.outcomes(again)).containsExactly("upper:executed", "count:executed");
    }

    @Test
    void aMissingBlobIsMadeAgain() {
        RunReport first = home.engine().run(chain("hello"), home.request(), Progress.SILENT);
        home.blobs.delete(first.result("upper").output("up").digest());
        RunReport again = home.engine().run(chain("hello"), home.request(), Progress.SILENT);
        assertThat(TestHome.outcomes(again)).containsExactly("upper:executed", "count:cached");
    }

    @Test
    void saysWhichOutputWasNotWritten() {
        Step forgetful = shell("forgetful", "true").output("table", "table.parquet");
        RunReport report =
                home.engine()
                        .run(Pipeline.of("p", List.of(forgetful)), home.request(), Progress.SILENT);
        assertThat(report.problems().getFirst().message())
                .isEqualTo("forgetful: wrote no table.parquet (declared as out.table)");
        assertThat(report.problems().getFirst().kind()).isEqualTo(Kind.STEP);
    }

    @Test
    void tellsAStepThatItAskedForAFileWhichItDidNotDeclare() {
        CommandKind kind =
                new CommandKind(
                        List.of("cat", "data/rates.csv"),
                        new TreeMap<>(),
                        "data/rates.csv"::equals);
        RunReport report =
                home.engine()
                        .run(
                                Pipeline.of("p", List.of(Step.named("s", "ingest", kind))),
                                home.request(),
                                Progress.SILENT);
        assertThat(report.problems().getFirst().hint())
                .isEqualTo(
                        "data/rates.csv is in the project, but the step does not declare it: name"
                                + " it under in: or code:.");
    }

    @Test
    void twoEnginesAtOnceExecuteEachStepOnce() throws Exception {
        Path calls = Files.createFile(folder.resolve("calls"));
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Step step =
                    shell("s" + i, "echo s" + i + " >> " + calls + "; sleep 0.05; echo > out")
                            .output("out", "out");
            steps.add(i < 2 ? step : step.input("out", from("s" + (i - 2), "out")));
        }
        Pipeline pipeline = Pipeline.of("p", steps);
        var other =
                CompletableFuture.supplyAsync(
                        () -> home.engine().run(pipeline, home.request(), Progress.SILENT));
        RunReport mine = home.engine().run(pipeline, home.request(), Progress.SILENT);
        assertThat(mine.status()).isEqualTo(RunStatus.PASSED);
        assertThat(other.get().status()).isEqualTo(RunStatus.PASSED);
        assertThat(Files.readAllLines(calls))
                .containsExactlyInAnyOrder("s0", "s1", "s2", "s3", "s4", "s5");
    }

    @Test
    void aThousandDeepChainWorks() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Step step = java("s" + i, attempt -> attempt.step());
            steps.add(i == 0 ? step : step.input("out", from("s" + (i - 1), "out")));
        }
        Pipeline pipeline = Pipeline.of("deep", steps);
        RunReport full = home.engine().run(pipeline, home.request(), Progress.SILENT);
        assertThat(full.status()).isEqualTo(RunStatus.PASSED);
        RunReport again = home.engine().run(pipeline, home.request(), Progress.SILENT);
        assertThat(again.steps()).allMatch(s -> s.outcome() == Outcome.CACHED);
    }

    @Test
    void refusesACycleAndNamesIt() {
        Step a = shell("a", "x").input("o", from("c", "o")).output("o", "o");
        Step b = shell("b", "x").input("o", from("a", "o")).output("o", "o");
        Step c = shell("c", "x").input("o", from("b", "o")).output("o", "o");
        assertThatThrownBy(() -> Pipeline.of("p", List.of(a, b, c)))
                .hasMessage("a cycle: a needs c needs b needs a");
    }
}
