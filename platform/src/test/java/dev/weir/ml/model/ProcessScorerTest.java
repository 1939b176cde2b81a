package dev.weir.ml.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

@Timeout(60)
class ProcessScorerTest {
    /** Answers x / 100, and does on the way what the test asks of it. */
    private static final String PROGRAM =
            """
            import http.server, json, os, subprocess, sys, time

            how = os.environ["HOW"]
            print("hello from", how, flush=True)
            if how == "no start":
                sys.exit("no model file")
            if how == "never listens":
                time.sleep(1000)
            if how == "leaves a child":
                child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
                open(os.environ["NOTE"], "w").write(str(child.pid))
            calls = 0
            kept = []

            class Answers(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"

                def log_message(self, *of):
                    pass

                def do_POST(self):
                    global calls
                    calls += 1
                    body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                    frame = body["dataframe_split"]
                    x = frame["columns"].index("x")
                    answer = [None if row[x] is None else row[x] / 100 for row in frame["data"]]
                    text, status = None, 200
                    if how == "crashes at the first call":
                        os._exit(7)
                    if calls > 1:
                        if how == "crashes at a later call":
                            print("no such category", flush=True)
                            os._exit(9)
                        if how == "crashes once" and not os.path.exists(os.environ["NOTE"]):
                            open(os.environ["NOTE"], "w").write("x")
                            os._exit(9)
                        if how == "hangs":
                            time.sleep(1000)
                        if how == "trickles":
                            self.send_response(200)
                            self.send_header("Content-Length", "1000")
                            self.end_headers()
                            while True:
                                self.wfile.write(b" ")
                                self.wfile.flush()
                                time.sleep(0.05)
                        if how == "leaks":
                            kept.append(bytearray(300 << 20))
                            kept[-1][:] = b"x" * (300 << 20)
                            time.sleep(1000)
                        text = {
                            "nan": '{"predictions": [NaN]}',
                            "null": '{"predictions": [null]}',
                            "too few": '{"predictions": []}',
                            "too high": '{"predictions": [1.5]}',
                            "no list": '{"predictions": "high"}',
                            "no json": "<html>",
                            "wide": '{"predictions": [[0.1, 0.2, 0.3]]}',
                        }.get(how)
                        if how == "status":
                            status, text = 400, '{"error_code": "BAD_REQUEST"}'
                    if how == "classes":
                        answer = [{"a": 0.5, "b": 0.25, "c": 0.25} for _ in frame["data"]]
                    if how == "sums to less":
                        answer = [[0.5, 0.2, 0.2] for _ in frame["data"]]
                    if text is None:
                        text = json.dumps({"predictions": answer})
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text.encode())

            http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
            """;

    private static final Signature ONE =
            Signature.binary(
                    "y",
                    List.of(
                            new Input.Number("x", 0, 100),
                            new Input.Category("colour", List.of("red"), true)),
                    new Signature.Classes("yes", "no", 0.5));
    private static final Signature THREE =
            Signature.multiclass(
                    "y", List.of(new Input.Number("x", 0, 100)), List.of("a", "b", "c"));

    @TempDir Path folder;

    @BeforeEach
    void python() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(p -> Files.isExecutable(Path.of(p, "python3"))),
                "no python3 on the PATH");
    }

    private ModelFolder.Program program(String how, Signature signature) throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve("serve.py"), PROGRAM);
        Files.write(model.resolve(ModelFolder.SIGNATURE), signature.bytes());
        ScoreProgram scorer =
                new ScoreProgram(
                        List.of("python3", "serve.py", ScoreProgram.PORT),
                        new TreeMap<>(Map.of("HOW", how, "NOTE", note().toString())),
                        Duration.ofSeconds(how.equals("never listens") ? 1 : 20),
                        Duration.ofSeconds(how.equals("leaks") ? 20 : 1),
                        150L << 20,
                        1);
        Files.write(model.resolve(ModelFolder.SCORER), scorer.bytes());
        return (ModelFolder.Program) ModelFolder.read(model);
    }

    private Path note() {
        return folder.resolve("note");
    }

    private static Columns rows(double... x) {
        return new Columns(
                x.length,
                Map.of(
                        "x", new Columns.Numbers(x),
                        "colour", new Columns.Texts(new @Nullable String[x.length])));
    }

    private ProcessScorer open(String how) throws IOException {
        return ProcessScorer.open(program(how, ONE), folder.resolve("scratch"));
    }

    @Test
    void scoresBatchesAndSingleRowsAndLeavesNothingBehind() throws Exception {
        double[] many = new double[2_500];
        for (int i = 0; i < many.length; i++) {
            many[i] = i % 100;
        }
        try (Scorer scorer = Scorer.open(program("well", ONE), folder.resolve("scratch"));
                Scorer.SingleRow row = scorer.singleRow()) {
            float[] scores = scorer.score(rows(many));
            for (int i = 0; i < many.length; i++) {
                assertThat(scores[i]).isEqualTo((float) (many[i] / 100));
            }
            row.set(0, 25);
            row.set(1, "red");
            assertThat(row.score()).isEqualTo(0.25f);
            assertThat(scorer.score(rows())).isEmpty();
            assertThat(((ProcessScorer) scorer).peakMemoryBytes()).isGreaterThan(1 << 20);
        }
        assertThat(folder.resolve("scratch")).isEmptyDirectory();
    }

    @Test
    void readsProbabilitiesOfManyClassesByTheirNames() throws Exception {
        try (Scorer scorer = Scorer.open(program("classes", THREE), folder)) {
            assertThat(scorer.score(rows(1, 2))).containsExactly(.5f, .25f, .25f, .5f, .25f, .25f);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no start | it ended with exit code 1 before it answered | no model file
                    never listens | it did not answer within 1 s of its start: nothing listened on its port | hello
                    crashes at the first call | it ended with exit code 7 before it answered | hello
                    """)
    void whatDoesNotStartIsAProblemWithItsLastWords(String how, String why, String words)
            throws Exception {
        ProblemException e = catchThrowableOfType(ProblemException.class, () -> open(how));
        assertThat(e.kind()).isEqualTo(Kind.STEP);
        assertThat(e).hasMessage("the model's program failed: " + why);
        assertThat(e.problems().getFirst().hint()).contains(words);
        assertThat(folder.resolve("scratch")).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    crashes at a later call | it ended with exit code 9, and was started again 3 times in vain
                    hangs | it gave no answer within 1 s
                    trickles | it gave no answer within 1 s
                    nan | its answer is none: NaN or Infinity among its numbers (expected: finite ones)
                    null | its answer is none: row 1: null (expected: a probability, 0 to 1)
                    too few | its answer is none: predictions: 0 of them (expected: a list of 1, one for each row)
                    too high | its answer is none: row 1: 1.5 (expected: a probability, 0 to 1)
                    no list | its answer is none: predictions: "high" (expected: a list of 1, one for each row)
                    no json | its answer is none: it is no JSON: <html>
                    wide | its answer is none: row 1: 3 numbers (expected: a number)
                    status | its answer is none: status 400, {"error_code": "BAD_REQUEST"} (expected: 200)
                    """)
    void whatGoesWrongInACallIsAProblemAndNeverAHang(String how, String why) throws Exception {
        try (Scorer scorer = open(how)) {
            ProblemException e =
                    catchThrowableOfType(ProblemException.class, () -> scorer.score(rows(1)));
            assertThat(e.kind()).isEqualTo(Kind.STEP);
            assertThat(e).hasMessage("the model's program failed: " + why);
        }
    }

    @Test
    void probabilitiesThatDoNotSumToOneAreNoAnswer() throws Exception {
        ProblemException e =
                catchThrowableOfType(
                        ProblemException.class,
                        () -> ProcessScorer.open(program("sums to less", THREE), folder));
        assertThat(e)
                .hasMessage(
                        "the model's program failed: its first answer is none: row 1: probabilities"
                                + " of a sum of 0.9000 (expected: 1)");
    }

    @Test
    void whatTakesTooMuchMemoryIsKilledAndItsWatcherTold() throws Exception {
        BlockingQueue<String> deaths = new LinkedBlockingQueue<>();
        try (ProcessScorer scorer = open("leaks")) {
            scorer.watch(deaths::add);
            ProblemException e =
                    catchThrowableOfType(ProblemException.class, () -> scorer.score(rows(1)));
            assertThat(e.getMessage())
                    .contains("MiB of memory (expected: at most 150), and was started again");
            assertThat(deaths.take()).contains("MiB of memory (expected: at most 150)");
            assertThat(scorer.peakMemoryBytes()).isGreaterThan(150 << 20);
        }
    }

    @Test
    void whatDiesOnceIsStartedAgainAndAskedAgain() throws Exception {
        BlockingQueue<String> deaths = new LinkedBlockingQueue<>();
        try (ProcessScorer scorer = open("crashes once")) {
            scorer.watch(deaths::add);
            assertThat(scorer.score(rows(50))).containsExactly(0.5f);
            assertThat(deaths.take()).isEqualTo("it ended with exit code 9");
            assertThat(scorer.alive()).isTrue();
        }
    }

    @Test
    void endsWithAllThatItStarted() throws Exception {
        long child;
        try (ProcessScorer scorer = open("leaves a child")) {
            assertThat(scorer.score(rows(1))).hasSize(1);
            child = Long.parseLong(Files.readString(note()));
            assertThat(ProcessHandle.of(child)).isPresent();
        }
        ProcessHandle.of(child).ifPresent(left -> left.onExit().join());
    }

    @Test
    void namesColumnsThatAreMissing() throws Exception {
        try (Scorer scorer = open("well")) {
            Columns none = new Columns(1, Map.of("x", new Columns.Numbers(new double[1])));
            assertThat(catchThrowableOfType(ProblemException.class, () -> scorer.score(none)))
                    .hasMessage("colour: no such column (expected: BYTES)");
        }
    }

    @Test
    void aScorerFileComesBackEqual() {
        ScoreProgram program = ScoreProgram.of(List.of("python", "serve.py"));
        assertThat(ScoreProgram.of(program.bytes())).isEqualTo(program);
        assertThat(ONE.task()).isEqualTo(Task.BINARY);
        assertThat(
                        catchThrowableOfType(
                                ProblemException.class, () -> ScoreProgram.of("{}".getBytes())))
                .hasMessageContaining("scorer.json");
    }
}
