package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The commands as a person uses them, on one project that was begun and run once. */
class CliTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    @TempDir static Path shared;
    private static Terminal begun;

    @TempDir Path temp;
    private Terminal terminal;

    @BeforeAll
    static void beginAndRun() throws IOException {
        Files.writeString(shared.resolve("shop.csv"), Terminal.shop(500));
        Terminal above = new Terminal(shared);
        above.weir("init", "shop", "--data", "shop.csv", "--target", "bought").exits(0);
        begun = above.in("shop");
        begun.weir("run").exits(0);
    }

    @BeforeEach
    void copy() throws IOException {
        terminal = begun.copied(temp.resolve("shop"));
    }

    // Runs

    @Test
    void aRunIsListedAndShownWithItsStepsAttemptsAndGates() {
        JsonNode listed = terminal.weir("runs", "list", "--json").exits(0).json().path("runs");
        assertThat(listed.size()).isEqualTo(1);
        assertThat(listed.path(0).path("status").stringValue()).isEqualTo("passed");

        JsonNode shown = terminal.weir("runs", "show", "--json").exits(0).json();
        assertThat(shown.path("run")).isEqualTo(listed.path(0).path("run"));
        assertThat(shown.path("trigger").stringValue()).isEqualTo("manual");
        assertThat(shown.path("actor").stringValue()).startsWith("person:");
        assertThat(shown.path("project").path("commit").stringValue()).hasSize(40);
        assertThat(shown.path("project").path("dirty").booleanValue()).isFalse();
        assertThat(shown.path("steps").valueStream().map(s -> s.path("step").stringValue()))
                .contains("ingest", "train", "validate");
        assertThat(shown.path("steps").path(0).path("attempts").path(0).path("state").stringValue())
                .isEqualTo("succeeded");
        assertThat(shown.path("gates").valueStream().map(g -> g.path("gate").stringValue()))
                .contains("validate.roc_auc.min");
        assertThat(shown.path("models").path(0).path("name").stringValue()).isEqualTo("shop");

        terminal.weir("runs", "show", "--html", "gates.html").exits(0);
        assertThat(temp.resolve("shop/gates.html"))
                .content()
                .contains("Gates of the model", "validate.roc_auc.min", "Gates of the data");

        assertThat(terminal.weir("runs", "list").exits(0).out()).contains("shop", "passed");
        assertThat(terminal.weir("runs", "show").exits(0).out())
                .contains("passed", "train", "validate.roc_auc.min", "checks of the data passed");
    }

    @Test
    void aRunIsNamedByTheBeginningOfItsIdWhereThatIsOneRunOnly() {
        terminal.weir("run").exits(0);
        JsonNode runs = terminal.weir("runs", "list", "--json").exits(0).json().path("runs");
        String newest = runs.path(0).path("run").stringValue();

        assertThat(terminal.weir("runs", "show", newest.substring(0, 20), "--json").exits(0).json())
                .isEqualTo(terminal.weir("runs", "show", "last", "--json").exits(0).json());
        Terminal.Answer both = terminal.weir("runs", "show", "0", "--json").exits(2);
        assertThat(both.json().path("problems").path(0).path("code").stringValue())
                .isEqualTo("run.ambiguous");
        assertThat(terminal.weir("runs", "show", "f00").exits(2).err())
                .contains("no run's id begins with f00", "weir runs list");
    }

    @Test
    void theLogOfAStepThatDidNotRunIsSaidToBeElsewhere() {
        assertThat(terminal.weir("runs", "logs", "last", "train").exits(0).out())
                .contains("rows to train on");
        String first = run("runs", "show");
        terminal.weir("run").exits(0);

        Terminal.Answer cached = terminal.weir("runs", "logs", "last", "train").exits(2);
        assertThat(cached.err()).contains("weir runs logs " + first + " train");
        assertThat(terminal.weir("runs", "logs", "last", "trian").exits(2).err())
                .contains("Did you mean train?");
        assertThat(terminal.weir("runs", "logs", first, "train", "--attempt", "2").exits(2).err())
                .contains("attempt: 2 of train (expected: 1 to 1)");
        assertThat(terminal.weir("runs", "logs", first, "--json").exits(0).json().path("logs"))
                .anyMatch(log -> log.path("text").stringValue().contains("rows to train on"));
    }

    private String run(String... command) {
        String[] json = java.util.Arrays.copyOf(command, command.length + 1);
        json[command.length] = "--json";
        return terminal.weir(json).exits(0).json().path("run").stringValue();
    }

    @Test
    void aLogIsFollowedUntilItsRunEnds() throws Exception {
        Path gate = temp.resolve("gate");
        ownStep("waits", "echo one; while [ ! -e " + gate + " ]; do sleep 0.05; done; printf two");
        CompletableFuture<Terminal.Answer> running =
                CompletableFuture.supplyAsync(() -> terminal.weir("run", "waits"));
        until(() -> runningRuns() == 1);

        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        CompletableFuture<Integer> following =
                CompletableFuture.supplyAsync(
                        () ->
                                terminal.weir(
                                        seen,
                                        new ByteArrayOutputStream(),
                                        "runs",
                                        "logs",
                                        "last",
                                        "waits",
                                        "--follow"));
        until(() -> seen.toString(UTF_8).equals("one\n"));
        assertThat(following).isNotDone();
        Files.createFile(gate);

        running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).exits(0);
        assertThat(following.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
        assertThat(seen.toString(UTF_8)).isEqualTo("one\ntwo\n");
    }

    private long runningRuns() {
        return terminal.weir("runs", "list", "--json")
                .json()
                .path("runs")
                .valueStream()
                .filter(run -> run.path("status").stringValue().equals("running"))
                .count();
    }

    private void ownStep(String name, String command) {
        terminal.edit(
                "pipelines/shop.yaml",
                "\nvalidate:",
                "\nsteps:\n  %s:\n    run: %s\n\nvalidate:".formatted(name, "\"" + command + "\""));
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("gave up waiting").isLessThan(deadline);
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    @Test
    void ctrlCEndsARunCleanlyWithAllThatItStarted() throws Exception {
        Path started = temp.resolve("started");
        ownStep(
                "sleeps",
                "echo $$ > "
                        + started
                        + ".part; mv "
                        + started
                        + ".part "
                        + started
                        + "; sleep 600");
        Process weir = inAProcessOfItsOwn("run", "sleeps", "--json");
        until(() -> Files.exists(started) || !weir.isAlive());
        long child = Long.parseLong(Files.readString(started).strip());
        List<ProcessHandle> below = ProcessHandle.of(child).orElseThrow().descendants().toList();

        new ProcessBuilder("kill", "-INT", String.valueOf(weir.pid())).start().waitFor();
        assertThat(weir.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(weir.exitValue()).isEqualTo(130);
        until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
        until(() -> below.stream().noneMatch(ProcessHandle::isAlive));
        JsonNode run = terminal.weir("runs", "show", "--json").exits(0).json();
        assertThat(run.path("status").stringValue()).isEqualTo("cancelled");
        assertThat(run.path("steps").path(0).path("attempts").path(0).path("state").stringValue())
                .isEqualTo("cancelled");
    }

    private Process inAProcessOfItsOwn(String... arguments) throws IOException {
        List<String> command =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.weir.app.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(terminal.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("printed").toFile())
                .start();
    }

    // Models

    @Test
    void aVersionIsShownWithARecipeThatIsComplete() {
        JsonNode shown = terminal.weir("models", "show", "shop@staging", "--json").exits(0).json();
        assertThat(shown.path("name").stringValue()).isEqualTo("shop");
        assertThat(shown.path("version").intValue()).isEqualTo(1);
        assertThat(shown.path("stage").stringValue()).isEqualTo("staging");
        assertThat(shown.path("digest").stringValue()).hasSize(64);
        assertThat(shown.path("recipe").path("complete").booleanValue()).isTrue();
        assertThat(shown.path("recipe").path("missing")).isEmpty();
        for (String link : List.of("code", "data", "features", "config", "environment", "run")) {
            assertThat(shown.path("recipe").path(link).isObject()).as(link).isTrue();
        }
        assertThat(shown.path("metrics").path("roc_auc").isNumber()).isTrue();
        assertThat(shown.path("signature").path("inputs").size()).isEqualTo(3);
        assertThat(shown.path("signature").path("outputs").isArray()).isTrue();

        assertThat(terminal.weir("models", "show", "shop").exits(0).out())
                .contains("shop:1  staging", "recipe: complete", "commit ", "500 rows", "passed");
        assertThat(terminal.weir("models", "list").exits(0).out()).contains("shop:1", "roc_auc");
        assertThat(terminal.weir("models", "versions", "shop").exits(0).out())
                .contains("shop:1", "staging", "complete");
        assertThat(terminal.weir("models", "show", "shpo").exits(2).err())
                .contains("Did you mean shop?");
        assertThat(terminal.weir("models", "show", "shop:7").exits(2).err()).contains("1 to 1");
    }

    @Test
    void aVersionIsPromotedAndTheOneBeforeComesBack() {
        assertThat(
                        terminal.weir("promote", "shop:1", "production", "--reason", "the first")
                                .exits(0)
                                .out())
                .contains("shop answers with it at once", "shadow and canary are skipped");
        assertThat(terminal.weir("promote", "shop:1", "production").exits(4).err())
                .contains("is in production already");
        assertThat(terminal.weir("rollback", "shop").exits(4).err()).contains("nothing was before");

        terminal.edit("configs/training/shop.yaml", "seed: 7", "seed: 8\nsubsample: 0.9");
        terminal.edit("pipelines/shop.yaml", "tolerance: 0.005", "tolerance: 0.2");
        terminal.weir("run").exits(0);
        JsonNode moved =
                terminal.weir("promote", "shop@staging", "production", "--json").exits(0).json();
        assertThat(moved.path("version").intValue()).isEqualTo(2);
        assertThat(moved.path("state").stringValue()).isEqualTo("under way");
        assertThat(terminal.weir("rollback", "shop").exits(4).err()).contains("nothing was before");
        assertThat(terminal.weir("rollout", "status", "shop").exits(0).out())
                .contains(
                        "shop: shop:2 is to take over from shop:1, smoke test",
                        "waits for a server");
        assertThat(terminal.weir("endpoints", "list").exits(0).out())
                .contains("shop", "shop:1", "shop:2", "smoke test");
        assertThat(terminal.weir("rollout", "pause", "shop").exits(4).err())
                .contains("cannot be paused");
        assertThat(terminal.weir("rollout", "status", "shpo").exits(2).err())
                .contains("Did you mean shop?");
        JsonNode through =
                terminal.weir("rollout", "finish", "shop", "--reason", "no server", "--json")
                        .exits(0)
                        .json();
        assertThat(through.path("state").stringValue()).isEqualTo("completed");
        assertThat(terminal.weir("endpoints", "show", "shop").exits(0).out())
                .contains("answers with shop:2", "warm: shop:1", "canary 25 %", "completed");

        Terminal.Answer back = terminal.weir("rollback", "shop", "--reason", "worse").exits(0);
        assertThat(back.out()).contains("shop:1 is in production", "instead of shop:2");
        assertThat(terminal.weir("models", "show", "shop@production").exits(0).out())
                .contains("shop:1", "the first", "rollback: worse", "superseded");
    }

    @Test
    void aVersionWhoseGatesFailedIsRefusedByTheirNames() {
        terminal.edit("pipelines/shop.yaml", "not_worse_than", "max: 0.1, not_worse_than");
        Terminal.Answer rejected = terminal.weir("run", "--json").exits(1);
        assertThat(rejected.json().path("status").stringValue()).isEqualTo("rejected");

        Terminal.Answer refused = terminal.weir("promote", "shop:1", "production").exits(4);
        assertThat(refused.err()).contains("shop:1: its gates said no: validate.roc_auc.max");
        assertThat(terminal.weir("promote", "shop:1", "prodution").exits(2).err())
                .contains("Did you mean production?");
        assertThat(terminal.weir("models", "show", "shop:1").exits(0).out())
                .contains("development", "failed");
    }

    // The store

    @Test
    void aCorruptBlobIsNamedTakenOutAndMadeAgain() throws IOException {
        String digest = digest();
        String model = partOf(digest);
        terminal.weir("store", "verify").exits(0);
        flip(blob(model));

        JsonNode found = terminal.weir("store", "verify", "--json").exits(1).json();
        assertThat(found.path("sound").booleanValue()).isFalse();
        JsonNode fault = found.path("faults").path(0);
        assertThat(fault.path("digest").stringValue()).isEqualTo(model);
        assertThat(fault.path("condition").stringValue()).isEqualTo("corrupt");
        assertThat(fault.path("needed_by").valueStream().map(JsonNode::stringValue))
                .contains("shop:1", "the result of step train (model)");

        assertThat(terminal.weir("store", "verify", "--repair").exits(1).out())
                .contains("corrupt " + model, "set aside", "next: weir run");
        assertThat(blob(model)).doesNotExist();
        assertThat(terminal.folder().resolve(".weir/damaged/" + model)).exists();

        assertThat(terminal.weir("plan", "--json").exits(0).json().path("steps"))
                .anyMatch(
                        step ->
                                step.path("step").stringValue().equals("train")
                                        && step.path("outcome").stringValue().equals("miss"));
        terminal.weir("run").exits(0);
        assertThat(digest()).isEqualTo(digest);
        assertThat(blob(model)).exists();
        assertThat(terminal.weir("store", "verify").exits(0).out()).startsWith("sound");
    }

    private String digest() {
        return terminal.weir("models", "show", "shop", "--json")
                .exits(0)
                .json()
                .path("digest")
                .stringValue();
    }

    private String partOf(String tree) throws IOException {
        return new tools.jackson.databind.json.JsonMapper()
                .readTree(Files.readString(blob(tree)))
                .path("entries")
                .path(0)
                .path("digest")
                .stringValue();
    }

    private Path blob(String digest) {
        return terminal.folder()
                .resolve(".weir/blobs/sha256")
                .resolve(digest.substring(0, 2))
                .resolve(digest.substring(2));
    }

    private static void flip(Path blob) throws IOException {
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 1;
        assertThat(blob.toFile().setWritable(true)).isTrue();
        Files.write(blob, bytes);
    }

    @Test
    void collectionLeavesAllThatAVersionNeedsAndWhatItTookRunsAgain() throws IOException {
        String digest = digest();
        Path log =
                Path.of(
                        terminal.weir("runs", "logs", "last", "train", "--json")
                                .exits(0)
                                .json()
                                .path("logs")
                                .path(0)
                                .path("log")
                                .stringValue());
        assertThat(log).exists();
        terminal.weir("store", "gc").exits(0);
        terminal.weir("plan").exits(0);
        assertThat(executed()).as("nothing was old enough to go").isEmpty();

        Terminal later =
                new Terminal(
                        terminal.folder(), Clock.offset(Clock.systemUTC(), Duration.ofDays(40)));
        JsonNode rehearsed =
                later.weir("store", "gc", "--dry-run", "--keep", "30d", "--json").exits(0).json();
        assertThat(rehearsed.path("blobs").intValue()).isPositive();
        assertThat(rehearsed.path("logs").intValue()).isPositive();
        assertThat(log).as("a rehearsal removes nothing").exists();

        JsonNode done = later.weir("store", "gc", "--json").exits(0).json();
        assertThat(done.path("blobs")).isEqualTo(rehearsed.path("blobs"));
        assertThat(done.path("results")).isEqualTo(rehearsed.path("results"));
        assertThat(log).doesNotExist();
        assertThat(terminal.weir("store", "verify").exits(0).out()).startsWith("sound");
        terminal.weir("reproduce", "shop:1").exits(0);
        JsonNode all = terminal.weir("reproduce", "--all", "--json").exits(0).json();
        assertThat(all.path("versions").size()).isEqualTo(1);
        assertThat(all.path("versions").get(0).path("level").stringValue()).isEqualTo("R0");
        assertThat(terminal.weir("reproduce", "shop", "--all").exits(0).out())
                .contains("shop:1", "R0");
        terminal.weir("reproduce").exits(2);

        assertThat(executed()).contains("ingest", "train", "validate");
        assertThat(digest()).isEqualTo(digest);
        terminal.weir("store", "verify").exits(0);
    }

    private List<String> executed() {
        return terminal.weir("run", "--json")
                .exits(0)
                .json()
                .path("steps")
                .valueStream()
                .filter(step -> step.path("outcome").stringValue().equals("executed"))
                .map(step -> step.path("step").stringValue())
                .toList();
    }

    @Test
    void collectionLeavesWhatARunThatGoesOnHasMet() throws Exception {
        Path started = temp.resolve("started");
        Path gate = temp.resolve("gate");
        terminal.edit(
                "pipelines/shop.yaml",
                "\nvalidate:",
                """

                steps:
                  makes: {run: echo made > made.txt, out: {made: made.txt}}
                  waits:
                    run: "touch %s; while [ ! -e %s ]; do sleep 0.05; done; cat {{in.made}}"
                    in: {made: {from: makes.made}}

                validate:\
                """
                        .formatted(started, gate));
        terminal.weir("run", "makes").exits(0);
        putLongAgo(terminal.folder().resolve(".weir/blobs"));
        CompletableFuture<Terminal.Answer> running =
                CompletableFuture.supplyAsync(() -> terminal.weir("run", "waits"));
        until(() -> Files.exists(started));

        JsonNode done = terminal.weir("store", "gc", "--keep", "0s", "--json").exits(0).json();
        assertThat(done.path("blobs").intValue()).as("of the run before").isPositive();
        Files.createFile(gate);

        running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).exits(0);
        terminal.weir("store", "verify").exits(0);
        assertThat(terminal.weir("plan", "makes", "--json").exits(0).json().path("steps"))
                .allMatch(step -> step.path("outcome").stringValue().equals("hit"));
    }

    private static void putLongAgo(Path blobs) throws IOException {
        try (Stream<Path> files = Files.walk(blobs)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
            }
        }
    }

    // The rest

    @Test
    void doctorLooksAtEverythingAndFailsWhereSomethingFails() throws IOException {
        JsonNode well = terminal.weir("doctor", "--json").exits(0).json();
        assertThat(well.path("ok").booleanValue()).isTrue();
        assertThat(well.path("checks").valueStream().map(c -> c.path("check").stringValue()))
                .contains("JDK", "DuckDB", "SQLite", "ONNX Runtime", "XGBoost", "git", "isolation")
                .contains("home", "disk", "write", "database", "runs");
        new Terminal(temp).weir("doctor").exits(0);

        Files.writeString(terminal.folder().resolve(".weir/weir.db"), "no database");
        assertThat(terminal.weir("doctor").exits(1).out()).contains("fail  database");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "init",
                "plan",
                "run",
                "sweep",
                "runs",
                "runs list",
                "runs show",
                "runs logs",
                "runs best",
                "models",
                "models list",
                "models versions",
                "models show",
                "models export",
                "models history",
                "models describe",
                "models tag",
                "models delete",
                "gates history",
                "predict",
                "lineage",
                "diff",
                "promote",
                "promotions",
                "promotions list",
                "promotions show",
                "promotions approve",
                "promotions reject",
                "endpoints",
                "endpoints list",
                "endpoints show",
                "rollout",
                "rollout status",
                "rollout pause",
                "rollout resume",
                "rollout abort",
                "rollout finish",
                "rollback",
                "reproduce",
                "store",
                "store verify",
                "store gc",
                "outcomes",
                "outcomes add",
                "traffic",
                "traffic show",
                "traffic erase",
                "doctor",
                "completion"
            })
    void everyCommandHasHelpWithExamples(String command) {
        String[] words = (command + " --help").split(" ");
        assertThat(new Terminal(temp).weir(words).exits(0).out())
                .contains("Usage: weir " + command, "Examples:", "  weir " + command);
    }

    @Test
    void completionIsAScriptThatAShellReads() throws Exception {
        Path script = temp.resolve("weir.bash");
        Files.writeString(script, new Terminal(temp).weir("completion").exits(0).out());
        Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
        assertThat(bash.waitFor()).isZero();
        assertThat(script).content().contains("complete", "promote", "--dry-run");
    }

    @Test
    void anUnknownWordBringsTheNearest() {
        Terminal anywhere = new Terminal(temp);
        assertThat(anywhere.weir("modles").exits(2).err()).contains("Did you mean models?");
        assertThat(anywhere.weir("runs", "lst").exits(2).err()).contains("Did you mean list?");
        assertThat(anywhere.weir("run", "--jsn").exits(2).err()).contains("--json");
        JsonNode told = anywhere.weir("promote", "--json").exits(2).json();
        assertThat(told.path("problems").path(0).path("code").stringValue()).isEqualTo("usage");
        assertThat(anywhere.weir("runs", "list", "--json").exits(2).json().path("problems"))
                .anyMatch(problem -> problem.path("hint").stringValue().contains("weir init"));
    }
}
