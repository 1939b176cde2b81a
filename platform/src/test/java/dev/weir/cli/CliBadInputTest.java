package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What a person gets wrong: the exit code, the place and the value are told, and nothing is
 * changed.
 */
class CliBadInputTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    @TempDir static Path shared;
    private static Terminal begun;

    @TempDir Path temp;

    @BeforeAll
    static void beginAndRun() throws IOException {
        Files.writeString(shared.resolve("shop.csv"), Terminal.shop(500));
        Terminal above = new Terminal(shared);
        above.weir("init", "shop", "--data", "shop.csv", "--target", "bought", "--copy").exits(0);
        begun = above.in("shop");
        begun.weir("run").exits(0);
    }

    // Tables

    static Stream<Arguments> tables() {
        String good = Terminal.shop(300);
        return Stream.of(
                Arguments.of("empty", "", List.of("t.csv", "empty")),
                Arguments.of("header only", "age,city,visits,bought\n", List.of("t.csv", "no row")),
                Arguments.of(
                        "ragged",
                        good.replaceFirst("\n(.*)\n", "\n$1\n1,2\n"),
                        List.of("t.csv:3", "2 values", "expected: 4")),
                Arguments.of("one name twice", good.replace("visits", "age"), List.of("age")),
                Arguments.of(
                        "target all missing",
                        good.replaceAll("(yes|no)\n", "\n"),
                        List.of("target bought", "no value in any row")),
                Arguments.of(
                        "target of one class",
                        good.replaceAll("(yes|no)\n", "yes\n"),
                        List.of("bought", "yes")),
                Arguments.of(
                        "column all missing",
                        good.replaceAll("(Bern|Oslo|Rome)", ""),
                        List.of("t.csv: city: no value in any row", "--exclude city")),
                Arguments.of(
                        "fewer rows than the split needs",
                        "age,city,visits,bought\n1,Bern,2,yes\n2,Oslo,3,no\n",
                        List.of("1 rows to train on", "at least 20", "hold out fewer")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void aTableThatCannotBeUsedBeginsNoProject(String name, String csv, List<String> told)
            throws IOException {
        Files.writeString(temp.resolve("t.csv"), csv);
        refusesToBegin(told, "--data", "t.csv", "--target", "bought");
    }

    private void refusesToBegin(List<String> told, String... options) {
        Terminal terminal = new Terminal(temp);
        List<String> before = terminal.everything();
        String[] command = new String[options.length + 2];
        command[0] = "init";
        command[1] = "m";
        System.arraycopy(options, 0, command, 2, options.length);
        Terminal.Answer answer = terminal.weir(command).exits(2);
        assertThat(answer.err()).contains(told);
        assertThat(temp.resolve("m")).doesNotExist();
        assertThat(terminal.everything()).isEqualTo(before);
    }

    @Test
    void aTableThatIsNotThereOrNotUtf8BeginsNoProject() throws IOException {
        refusesToBegin(List.of("nothing.csv"), "--data", "nothing.csv", "--target", "bought");
        Files.write(
                temp.resolve("t.csv"),
                Terminal.shop(300).replaceFirst("Oslo", "Zürich").getBytes(ISO_8859_1));
        refusesToBegin(List.of("t.csv:", "UTF-8"), "--data", "t.csv", "--target", "bought");
    }

    @Test
    void aColumnThatIsNotInTheTableBringsTheNearest() throws IOException {
        Files.writeString(temp.resolve("t.csv"), Terminal.shop(300));
        refusesToBegin(
                List.of("bougt", "Did you mean bought?"), "--data", "t.csv", "--target", "bougt");
        refusesToBegin(
                List.of("--exclude agee", "Did you mean age?"),
                "--data",
                "t.csv",
                "--target",
                "bought",
                "--exclude",
                "agee");
    }

    @Test
    void aTaskThatTheTargetDoesNotAllowBeginsNoProject() throws IOException {
        Files.writeString(temp.resolve("t.csv"), Terminal.shop(300));
        String[] table = {"--data", "t.csv", "--target", "bought", "--task", "regression"};
        refusesToBegin(List.of("task regression: target bought", "expected: numbers"), table);
        table[5] = "regresion";
        refusesToBegin(List.of("--task: regresion", "Did you mean regression?"), table);
    }

    @Test
    void aFolderThatIsNotEmptyIsLeftAlone() throws IOException {
        Files.writeString(temp.resolve("t.csv"), Terminal.shop(300));
        Files.createDirectory(temp.resolve("m"));
        Files.writeString(temp.resolve("m/mine"), "mine");
        Terminal terminal = new Terminal(temp);
        List<String> before = terminal.everything();
        assertThat(
                        terminal.weir("init", "m", "--data", "t.csv", "--target", "bought")
                                .exits(2)
                                .err())
                .contains("is there already");
        assertThat(terminal.everything()).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void aTableThatHasBecomeUnusableFailsTheRunAndNothingElse(
            String name, String csv, List<String> told) throws IOException {
        Terminal terminal = begun.copied(temp.resolve("shop"));
        Files.writeString(terminal.folder().resolve("data/shop.csv"), csv);
        Terminal.Answer answer = terminal.weir("run");
        assertThat(answer.exit()).as(answer.err()).isIn(1, 2);
        assertThat(answer.err()).doesNotContain("\tat ");
        assertThat(terminal.weir("models", "versions", "shop", "--json").json().path("versions"))
                .hasSize(1);
        assertThat(terminal.weir("models", "show", "shop@staging").exits(0).out())
                .contains("shop:1");
        terminal.weir("store", "verify").exits(0);
    }

    // Files of the project

    static Stream<Arguments> edits() {
        String pipeline = "pipelines/shop.yaml";
        String steps = "\nsteps:\n";
        String validate = "\nvalidate:";
        return Stream.of(
                Arguments.of(
                        "unknown key",
                        pipeline,
                        "\ntrain:",
                        "\ntrian:",
                        List.of("pipelines/shop.yaml:", "trian", "Did you mean train?")),
                Arguments.of(
                        "duplicate key",
                        pipeline,
                        "risk: minimal",
                        "risk: minimal\nrisk: high",
                        List.of("pipelines/shop.yaml:5:", "risk")),
                Arguments.of(
                        "wrong type",
                        pipeline,
                        "fraction: 0.2",
                        "fraction: lots",
                        List.of("pipelines/shop.yaml:", "fraction", "lots", "number")),
                Arguments.of(
                        "out of range",
                        pipeline,
                        "fraction: 0.2",
                        "fraction: 1.4",
                        List.of("pipelines/shop.yaml:", "fraction", "1.4")),
                Arguments.of(
                        "hyper-parameter out of range",
                        "configs/training/shop.yaml",
                        "eta: 0.1",
                        "eta: -3",
                        List.of("configs/training/shop.yaml:", "eta: -3")),
                Arguments.of(
                        "hyper-parameter unknown",
                        "configs/training/shop.yaml",
                        "max_depth: 6",
                        "max_dept: 6",
                        List.of("configs/training/shop.yaml:", "Did you mean max_depth?")),
                Arguments.of(
                        "not YAML", pipeline, "risk: minimal", "risk: [", List.of("shop.yaml:")),
                Arguments.of(
                        "a cycle",
                        pipeline,
                        validate,
                        steps
                                + "  one: {run: 'true', in: {a: {from: two.b}}, out: {a: a}}\n"
                                + "  two: {run: 'true', in: {b: {from: one.a}}, out: {b: b}}\n"
                                + validate,
                        List.of("pipelines/shop.yaml:", "cycle", "one needs two needs one")),
                Arguments.of(
                        "one output of two steps",
                        pipeline,
                        validate,
                        steps
                                + "  one: {run: 'true', out: {a: same.csv}}\n"
                                + "  two: {run: 'true', out: {b: same.csv}}\n"
                                + validate,
                        List.of("pipelines/shop.yaml:", "same.csv", "one and two")),
                Arguments.of(
                        "a notebook",
                        pipeline,
                        validate,
                        steps + "  one: {run: jupyter nbconvert --execute a.ipynb}\n" + validate,
                        List.of("pipelines/shop.yaml:", "notebook")),
                Arguments.of(
                        "no such table",
                        pipeline,
                        "data/shop.csv",
                        "data/gone.csv",
                        List.of("pipelines/shop.yaml:", "gone.csv")),
                Arguments.of(
                        "expectation unknown",
                        "expectations/shop.yaml",
                        "not_null",
                        "notnull",
                        List.of("expectations/shop.yaml:", "notnull")),
                Arguments.of(
                        "project key unknown",
                        "weir.yaml",
                        "workspace:",
                        "workspaces:",
                        List.of("weir.yaml:", "Did you mean workspace?")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void aWrongFileIsToldWithItsPlaceAndNothingRuns(
            String name, String file, String from, String to, List<String> told) {
        Terminal terminal = begun.copied(temp.resolve("shop"));
        terminal.edit(file, from, to);
        List<String> before = terminal.everything();
        for (String command : List.of("plan", "run")) {
            assertThat(terminal.weir(command).exits(2).err()).contains(told);
        }
        assertThat(terminal.weir("run", "--json").exits(2).json().path("problems")).isNotEmpty();
        assertThat(terminal.everything()).isEqualTo(before);
        terminal.edit(file, to, from);
        assertThat(terminal.weir("runs", "list", "--json").exits(0).json().path("runs")).hasSize(1);
    }

    // Steps

    private Terminal withStep(String step) {
        Terminal terminal = begun.copied(temp.resolve("shop"));
        terminal.edit(
                "pipelines/shop.yaml", "\nvalidate:", "\nsteps:\n  own: " + step + "\n\nvalidate:");
        return terminal;
    }

    private static void failsCleanly(Terminal terminal, List<String> told, String... command) {
        assertThat(terminal.weir(command).exits(3).err()).contains(told);
        assertThat(terminal.weir("runs", "show", "--json").json().path("status").stringValue())
                .isEqualTo("failed");
        assertThat(terminal.weir("runs", "show").exits(0).out()).contains(told.getFirst());
        assertThat(terminal.weir("models", "show", "shop@staging").exits(0).out())
                .contains("shop:1");
        terminal.weir("store", "verify").exits(0);
    }

    @Test
    void aStepThatFailsIsToldWithItsLastWords() {
        failsCleanly(
                withStep("{run: echo that is why; exit 7}"),
                List.of("own: exit code 7", "that is why"),
                "run",
                "own");
    }

    @Test
    void aStepThatWritesNoOutputFails() {
        failsCleanly(
                withStep("{run: 'true', out: {model: model.bin}}"),
                List.of("own: wrote no model.bin", "out.model"),
                "run",
                "own");
    }

    @Test
    void aStepPastItsTimeoutFails() {
        failsCleanly(
                withStep("{run: sleep 600, timeout: 300ms}"),
                List.of("own: ran past its timeout of 0.3 s"),
                "run",
                "own");
    }

    @Test
    void aStepThatReadsAProjectFileThatItDidNotDeclareIsToldWhich() {
        failsCleanly(
                withStep("{run: cat configs/training/shop.yaml}"),
                List.of("own: exit code 1", "configs/training/shop.yaml", "does not declare it"),
                "run",
                "own");
    }

    @Test
    void aTrainerThatIsKilledInMidFitFailsTheStep() throws Exception {
        Terminal terminal = begun.copied(temp.resolve("shop"));
        terminal.edit("configs/training/shop.yaml", "rounds: 200", "rounds: 100000");
        CompletableFuture<Terminal.Answer> run =
                CompletableFuture.supplyAsync(() -> terminal.weir("run"));
        trainer().destroyForcibly();
        Terminal.Answer answer = run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).exits(3);
        assertThat(answer.err()).contains("the trainer crashed in native code", "SIGKILL");
        assertThat(terminal.weir("models", "versions", "shop", "--json").json().path("versions"))
                .hasSize(1);
        terminal.weir("store", "verify").exits(0);
    }

    /** The process that trains, once it is there. */
    private static ProcessHandle trainer() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<ProcessHandle> found =
                    ProcessHandle.current()
                            .descendants()
                            .filter(p -> commandLine(p).contains("TrainerProcess"))
                            .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        throw new AssertionError("no trainer was started");
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    // The state of things

    @Test
    void aDatabaseOfANewerWeirIsRefusedAndLeftAsItIs() throws Exception {
        Terminal terminal = begun.copied(temp.resolve("shop"));
        Path database = terminal.folder().resolve(".weir/weir.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update flyway_schema_history set version = '999' where installed_rank ="
                            + " (select max(installed_rank) from flyway_schema_history)");
        }
        List<String> before = terminal.everything();
        for (String command : List.of("run", "plan")) {
            assertThat(terminal.weir(command).exits(4).err())
                    .contains("weir.db", "schema version 999", "update this one");
        }
        assertThat(terminal.weir("doctor").exits(1).out()).contains("schema version 999");
        assertThat(terminal.everything()).isEqualTo(before);
    }

    @Test
    void outsideOfAProjectCommandsSayWhereToGo() {
        Terminal anywhere = new Terminal(temp);
        for (String command : List.of("run", "plan", "runs list", "models list", "store verify")) {
            assertThat(anywhere.weir(command.split(" ")).exits(2).err())
                    .contains("no weir.yaml", "weir init");
        }
        assertThat(anywhere.everything()).isEmpty();
    }
}
