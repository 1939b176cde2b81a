package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.app.Wiring;
import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.VersionRef;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.RunStatus;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

@DisabledOnOs(OS.WINDOWS)
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnTrainerTest {
    private static final String PIPELINE =
            """
            model: orders
            target: {column: returned, positive: "yes"}
            ingest:
              source: {file: orders.csv}
            train:
              trainer:
                command: %s
                parameters: [alpha]
                env: {NOTE: "%s"}
              config: configs/training/orders.yaml
              retries: {attempts: 2, backoff: 10ms}
            %s
            validate:
              metrics: {roc_auc: {min: 0.5}}
              robustness: {missing: 0.05, max_drop: 0.5}
            """;

    /** Answers right, and from the call on that NOTE says as the test asks. */
    private static final String SERVE =
            """
            import http.server, json, os, sys, time
            calls = 0
            class Answers(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    global calls
                    calls += 1
                    body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                    rows = body["dataframe_split"]["data"]
                    if calls > 1 and os.environ["HOW"] == "hang":
                        time.sleep(1000)
                    if calls > 1 and os.environ["HOW"] == "crash":
                        sys.stderr.write("out of luck\\n")
                        os._exit(3)
                    answer = [2 if calls > 1 else 0.5] * len(rows)
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(json.dumps({"predictions": answer}).encode())
                def log_message(self, *of):
                    pass
            http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answers).serve_forever()
            """;

    @TempDir static Path above;
    private Path folder;
    private Wiring services;
    private Home home;

    /** A project that has a graph already: what a built-in trainer made of the same table. */
    @BeforeAll
    void begin() throws IOException {
        try (TestProject shop = new TestProject(Files.createDirectories(above.resolve("first")))) {
            RunSummary summary = shop.run();
            folder = Files.createDirectories(above.resolve("own"));
            new Predicting(shop.home)
                    .export(summary.version().orElseThrow().ref(), folder.resolve("src/made"));
        }
        Files.writeString(folder.resolve("weir.yaml"), "project: own\n");
        Files.writeString(folder.resolve("orders.csv"), TestProject.orders(600, 1));
        Files.createDirectories(folder.resolve("configs/training"));
        Files.createDirectories(folder.resolve("pipelines"));
        Files.writeString(folder.resolve("src/serve.py"), SERVE);
        byte[] onnx = Files.readAllBytes(folder.resolve("src/made/model.onnx"));
        Files.write(folder.resolve("src/made/new.onnx"), ofOpset(onnx, 120));
        services = new Wiring(above);
        home = services.home(Project.around(folder));
    }

    @AfterAll
    void close() {
        home.close();
    }

    private static byte[] ofOpset(byte[] onnx, int opset) {
        byte[] changed = onnx.clone();
        String text = new String(onnx, ISO_8859_1);
        int set = text.indexOf("\u0042\u0004\n\u0000\u0010\u0011"); // the empty domain, version 17
        assertThat(set).as("operator set").isPositive();
        changed[set + 5] = (byte) opset;
        return changed;
    }

    private RunSummary run(String command, String score, String config) throws IOException {
        Files.writeString(folder.resolve("configs/training/orders.yaml"), config);
        Files.writeString(
                folder.resolve("pipelines/orders.yaml"),
                PIPELINE.formatted(command, above.resolve("note"), score));
        return new Runs(home, services.runtime())
                .run(Project.around(folder), null, RunOptions.MANUAL, Progress.SILENT);
    }

    private RunSummary run(String shell) throws IOException {
        return run("'" + shell.replace("'", "''") + "'", "", "alpha: 1\n");
    }

    private static Problem problem(RunSummary summary) {
        return summary.report().problems().getFirst();
    }

    @Test
    void aGraphOfItsOwnGoesTheWholeWay() throws IOException {
        RunSummary summary =
                run(
                        "sleep 1000 & echo $WEIR_SEED $WEIR_PARAMS > out/said; cp"
                                + " src/made/model.onnx {{out.model}}; echo '{\"metric\": \"loss\","
                                + " \"value\": 0.5}' >> $WEIR_METRICS; echo '{\"metric\": \"loss\","
                                + " \"value\": 0.4}' >> $WEIR_METRICS");
        assertThat(summary.report().problems()).isEmpty();
        ModelVersion version = summary.version().orElseThrow();
        assertThat(stage(version)).isEqualTo(Stage.STAGING);
        JsonNode training = summary.training().orElseThrow();
        assertThat(training.path("notes").toString())
                .contains("something that it started stayed")
                .contains("loss was logged twice at step 0: 0.5, then 0.4; both are kept");
        Reproduction.Proof proof =
                new Reproduction(home, services.runtime())
                        .reproduce(version.ref(), Progress.SILENT);
        assertThat(proof.level()).isEqualTo(Level.R0);
        assertThat(proof.kept()).isTrue();
        assertThat(proof.differs()).isEmpty();
    }

    private Stage stage(ModelVersion version) {
        return home.database().read(tx -> home.registry().version(tx, version.ref())).stage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    true | the trainer ended well, but wrote no out/model.onnx (expected: as train.trainer.model says)
                    exit 4 | train: exit code 4
                    echo hello > out/model.onnx | not an ONNX model: byte 3 is no field of protobuf
                    cp src/made/new.onnx out/model.onnx | ONNX Runtime refuses the model
                    echo x > ../stray; cp src/made/model.onnx out | the trainer wrote outside its directory: ../stray
                    ln -s /etc/hosts out/model.onnx | out/model.onnx: a link to /etc/hosts (expected: files inside the directory)
                    cp src/made/model.onnx out; echo x >> $WEIR_METRICS | metrics.jsonl:1: x (expected: {"metric": NAME, "value": NUMBER, "step": WHOLE})
                    cp src/made/model.onnx out; sed s/price/prise/g src/made/signature.json > out/signature.json | the trainer's signature.json: input 'prise': no column of the table is called so
                    cp src/made/model.onnx out; sed s/no/nay/g src/made/signature.json > out/signature.json | the trainer's signature.json: it predicts returned, binary (expected: returned, binary, with the table's classes)
                    cp src/made/model.onnx out; echo {} > out/signature.json | signature:
                    """)
    void whatIsNoModelIsAProblemWithWords(String shell, String words) throws IOException {
        Files.deleteIfExists(home.root().resolve("work/stray"));
        RunSummary summary = run(shell);
        assertThat(summary.report().status()).isEqualTo(RunStatus.FAILED);
        assertThat(problem(summary).message()).contains(words);
        assertThat(summary.version()).isEmpty();
    }

    @Test
    void aGraphThatTakesOtherColumnsThanTheTableHasIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("src/narrow.sh"), "cp src/made/model.onnx \"$WEIR_MODEL\"\n");
        Path pipeline = folder.resolve("pipelines/orders.yaml");
        run("sh src/narrow.sh");
        Files.writeString(
                pipeline,
                Files.readString(pipeline)
                        .replace("train:\n", "features: {exclude: [colour]}\ntrain:\n"));
        RunSummary summary =
                new Runs(home, services.runtime())
                        .run(Project.around(folder), null, RunOptions.MANUAL, Progress.SILENT);
        assertThat(problem(summary).message()).isEqualTo("model: 3 inputs (expected: 2)");
    }

    @Test
    void inANamespaceItSeesNothingThatWasNotDeclared() throws Exception {
        assumeTrue(
                new ProcessBuilder("unshare", "-Urm", "true").start().waitFor() == 0,
                "this system gives no namespaces");
        Path secret = Files.writeString(above.resolve("secret"), "x");
        String shell =
                "if cat %s || touch /usr/x; then exit 7; fi; echo x > ../stray; ls / > out/seen;"
                                .formatted(secret)
                        + " echo 1 > $WEIR_CHECKPOINT/x; cp src/made/model.onnx $WEIR_MODEL";
        Path pipeline = folder.resolve("pipelines/orders.yaml");
        run("true");
        Files.writeString(
                pipeline,
                Files.readString(pipeline)
                        .replace(
                                "command: 'true'",
                                "isolation: namespace\n    command: '" + shell + "'"));
        RunSummary summary =
                new Runs(home, services.runtime())
                        .run(Project.around(folder), null, RunOptions.MANUAL, Progress.SILENT);
        assertThat(summary.report().problems()).isEmpty();
        assertThat(
                        summary.version()
                                .orElseThrow()
                                .recipe()
                                .link(Link.ENVIRONMENT)
                                .orElseThrow()
                                .path("isolation")
                                .stringValue())
                .isEqualTo("namespace");
    }

    @Test
    void aParameterThatTheTrainerDoesNotKnowIsRefused() {
        ProblemException e =
                catchThrowableOfType(
                        ProblemException.class, () -> run("'true'", "", "seed: 1\nalhpa: 2\n"));
        assertThat(e.problems().getFirst().line())
                .endsWith("orders.yaml:2:1: alhpa: the trainer has no such parameter");
        assertThat(e.problems().getFirst().hint()).isEqualTo("Did you mean alpha?");
    }

    @Test
    void theNextAttemptFindsWhatTheLastOneLeft() throws IOException {
        RunSummary summary =
                run(
                        "if test -e {{out.checkpoint}}/half; then cp src/made/model.onnx out; else"
                                + " echo 1 > $WEIR_CHECKPOINT/half; exit 9; fi");
        assertThat(summary.report().problems()).isEmpty();
        try (Stream<Path> left = Files.walk(home.root().resolve("checkpoints"))) {
            assertThat(left).noneMatch(file -> file.endsWith("half"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    hang | it gave no answer within 1 s
                    crash | it ended with exit code 3, and was started again 3 times in vain
                    garbage | its answer is none: row 1: 2 (expected: a probability, 0 to 1)
                    """)
    void aProgramThatFailsWhenItIsAskedIsNoPass(String how, String words) throws IOException {
        requirePython();
        RunSummary summary =
                run(
                        "mkdir out/model; cp src/serve.py out/model",
                        "  score: {command: [python3, serve.py], timeout: 1s, env: {HOW: %s}}"
                                .formatted(how),
                        "alpha: 1\n");
        assertThat(summary.report().status()).isEqualTo(RunStatus.REJECTED);
        assertThat(summary.rulings())
                .filteredOn(ruling -> ruling.gate().equals("validate"))
                .singleElement()
                .satisfies(
                        ruling -> {
                            assertThat(ruling.verdict()).isEqualTo(Verdict.ERROR);
                            assertThat(ruling.reason())
                                    .startsWith("the model's program failed: " + words);
                        });
        assertThat(summary.rulings()).extracting(Ruling::gate).contains("validate.robustness");
        assertThat(stage(summary.version().orElseThrow())).isEqualTo(Stage.DEVELOPMENT);
    }

    @Test
    void theExampleInPythonGoesFromItsTableToStagingAndIsMadeAgain() throws IOException {
        requirePython();
        Path example = copied(repository().resolve("examples/python-program"));
        Wiring wiring = new Wiring(above);
        Project project = Project.around(example);
        try (Home own = wiring.home(project)) {
            RunSummary summary =
                    new Runs(own, wiring.runtime())
                            .run(project, null, RunOptions.MANUAL, Progress.SILENT);
            assertThat(summary.report().problems()).isEmpty();
            ModelVersion version =
                    own.database()
                            .read(tx -> own.registry().version(tx, VersionRef.parse("returns:1")));
            assertThat(version.stage()).isEqualTo(Stage.STAGING);
            JsonNode environment = version.recipe().link(Link.ENVIRONMENT).orElseThrow();
            assertThat(environment.path("found").path("version").stringValue())
                    .startsWith("Python 3");
            assertThat(environment.path("defining").has("lock")).isTrue();
            JsonNode scorer =
                    JsonTree.read(
                            own.blobs()
                                    .bytes(
                                            own.trees()
                                                    .files(version.content())
                                                    .filter(
                                                            f ->
                                                                    f.path()
                                                                            .equals(
                                                                                    ModelFolder
                                                                                            .SCORER))
                                                    .findFirst()
                                                    .orElseThrow()
                                                    .digest()));
            assertThat(scorer.path("command").toString()).isEqualTo("[\"python3\",\"serve.py\"]");
            Reproduction.Proof proof =
                    new Reproduction(own, wiring.runtime())
                            .reproduce(version.ref(), Progress.SILENT);
            assertThat(proof.level()).isEqualTo(Level.R0);
        }
    }

    @Test
    void thePageShowsTheExampleAsItIs() throws IOException {
        Path repository = repository();
        String page = Files.readString(repository.resolve("docs/own-programs.md"), UTF_8);
        int shown = 0;
        for (String part : page.split("<!-- from ")) {
            int end = part.indexOf(" -->\n```");
            if (end > 0 && end < 100) {
                String file = part.substring(0, end);
                String code = part.substring(part.indexOf('\n', end + 5) + 1);
                code = code.substring(0, code.indexOf("\n```"));
                assertThat(
                                Files.readString(
                                        repository
                                                .resolve("examples/python-program")
                                                .resolve(file)))
                        .as(file)
                        .contains(code);
                shown++;
            }
        }
        assertThat(shown).isGreaterThan(3);
    }

    private Path copied(Path from) throws IOException {
        Path to = Files.createDirectories(above.resolve("example"));
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = from.relativize(file);
                if (relative.startsWith(".weir")) {
                    continue;
                }
                Path target = to.resolve(relative.toString());
                Files.createDirectories(Optional.ofNullable(target.getParent()).orElse(to));
                Files.copy(file, target);
            }
        }
        return to;
    }

    private static Path repository() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("examples/python-program"))) {
                return at;
            }
        }
        throw new AssertionError("no examples/ above " + Path.of("").toAbsolutePath());
    }

    private static void requirePython() {
        assumeTrue(
                List.of(System.getenv("PATH").split(":")).stream()
                        .anyMatch(p -> Files.isExecutable(Path.of(p, "python3"))),
                "no python3 on the PATH");
    }
}
