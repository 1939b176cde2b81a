package dev.weir.server.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.ml.model.Input;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.ScoreProgram;
import dev.weir.ml.model.Signature;
import dev.weir.stage.deploy.rollout.Route;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.plan.SplitKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What is behind an endpoint changes, while it is asked. */
final class LiveEndpointsTest {
    private static final int SWAPS = Boolean.getBoolean("weir.test.full") ? 1_000 : 100;

    @TempDir Path folder;
    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder.resolve("home"));
    }

    @AfterEach
    void end() {
        served.close();
    }

    private static Route.Live live(Route.Mode mode, long version, double percent) {
        return new Route.Live("rollout", 1, version, mode, percent);
    }

    @Test
    void noRequestFailsWhileVersionsAreSwapped() throws Exception {
        served.route("shop", 1L, null);
        AtomicBoolean goesOn = new AtomicBoolean(true);
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(
                    Thread.startVirtualThread(
                            () -> {
                                while (goesOn.get()) {
                                    try {
                                        served.answering("shop");
                                        answered.incrementAndGet();
                                    } catch (RuntimeException | AssertionError e) {
                                        failures.add(e.toString());
                                    }
                                }
                            }));
        }
        for (int swap = 2; swap <= SWAPS; swap++) {
            long version = swap;
            served.route("shop", version, null);
            Served.await(() -> served.answering("shop") == version);
        }
        goesOn.set(false);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
        assertThat(answered.get()).isGreaterThan(SWAPS);
        assertThat(served.opened.get()).isEqualTo(SWAPS);
    }

    @Test
    void aShareOfTheKeysMeetsTheNewVersionAndStaysThere() {
        Route.Live canary = live(Route.Mode.SPLIT, 2, 25);
        served.route("shop", 1L, canary, new SplitKey.Header("X-User"), "{}");
        Served.await(
                () -> served.get("/metrics").text().contains("version=\"2\",route=\"canary\""));
        int met = 0;
        for (int user = 0; user < 200; user++) {
            long first = served.answering("shop", "X-User", "user-" + user);
            assertThat(served.answering("shop", "X-User", "user-" + user)).isEqualTo(first);
            assertThat(first == 2).isEqualTo(canary.takes("user-" + user));
            met += first == 2 ? 1 : 0;
        }
        assertThat(met).isBetween(25, 75);
        assertThat(
                        served.post("/v2/models/shop/versions/2/infer", Served.rows(1))
                                .json()
                                .path("model_version")
                                .asString(""))
                .isEqualTo("2");
        int canaries = 2 * met;
        Served.await(
                () -> {
                    Evidence seen = served.evidence();
                    return seen.primary().requests() + seen.candidate().requests() == 400;
                });
        assertThat(served.evidence().candidate().requests()).isEqualTo(canaries);
        served.route("shop", 1L, null);
        Served.await(() -> served.answering("shop", "X-User", "user-0") == 1);
    }

    @Test
    void aShadowHearsEverythingAndAnswersNobody() {
        served.route("shop", 40L, live(Route.Mode.SHADOW, 60, 0));
        Served.await(
                () -> served.get("/metrics").text().contains("version=\"60\",route=\"shadow\""));
        for (int i = 0; i < 50; i++) {
            assertThat(served.answering("shop")).isEqualTo(40);
        }
        Served.await(() -> served.evidence().comparison().compared() == 50);
        // 0.4 is a no, 0.6 a yes
        assertThat(served.evidence().comparison().disagreed()).isEqualTo(50);
        assertThat(served.get("/metrics").text())
                .contains(
                        "shadow_mismatch_total{model=\"shop\",version=\"60\",route=\"shadow\"} 50");
    }

    @Test
    void nobodyWaitsForAShadowThatHangs() throws Exception {
        served.model(2, program("import time; time.sleep(3600)", Duration.ofSeconds(20)));
        served.route("shop", 1L, live(Route.Mode.SHADOW, 2, 0));
        Served.await(
                () -> served.get("/metrics").text().contains("version=\"2\",route=\"shadow\""));
        for (int i = 0; i < 400; i++) {
            assertThat(served.answering("shop")).isEqualTo(1);
        }
        Served.await(() -> served.evidence().comparison().dropped() > 100);
        assertThat(served.evidence().comparison().compared()).isLessThan(30);
    }

    @Test
    void theOldVersionStaysWhereTheNewOneCannotBeOpened() {
        served.route("shop", 1L, null);
        served.model(2, new ModelFolder.Onnx(Served.SHOP, new byte[0]));
        served.route("shop", 2L, null);
        Served.await(() -> !served.endpoints.states().getFirst().failures().isEmpty());
        assertThat(served.answering("shop")).isEqualTo(1);
        assertThat(served.endpoints.states().getFirst().failures())
                .containsExactly("the blob is not what its name says");
        served.route("shop", 3L, null);
        Served.await(() -> served.answering("shop") == 3);
    }

    @Test
    void isNotReadyBeforeAnythingAnswers() {
        assertThat(served.get("/v2/health/ready").status()).isEqualTo(503);
        assertThat(served.get("/v2/health/live").status()).isEqualTo(200);
        served.model(2, new ModelFolder.Onnx(Served.SHOP, new byte[0]));
        served.route("shop", 2L, null, new SplitKey.Request(), "{}");
        assertThat(served.get("/v2/models/shop/ready").status()).isEqualTo(503);
        Served.Answer answer = served.post("/v2/models/shop/infer", Served.rows(1));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        served.route("shop", 1L, null);
        assertThat(served.get("/v2/health/ready").status()).isEqualTo(200);
    }

    @Test
    void refusesMoreThanItTakesAtOnce() throws Exception {
        served.model(2, program("import time; time.sleep(1)", Duration.ofSeconds(20)));
        served.route("shop", 2L, null, new SplitKey.Request(), "{\"limits\":{\"in_flight\":2}}");
        Served.await(() -> served.get("/v2/models/shop/ready").status() == 200);
        ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(
                    Thread.startVirtualThread(
                            () ->
                                    statuses.add(
                                            served.post("/v2/models/shop/infer", Served.rows(1))
                                                    .status())));
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(statuses).containsOnly(200, 429).contains(429, 200);
        assertThat(served.get("/metrics").text())
                .contains("inference_requests_in_flight{model=\"shop\"} 0");
    }

    @Test
    void joinsWhatTurnedOutToWhatWasPredicted() throws Exception {
        served.route("shop", 70L, null);
        String id =
                served.post("/v2/models/shop/infer", Served.rows(1))
                        .json()
                        .at("/parameters/prediction_id")
                        .asString("");
        Served.Answer taken =
                served.post(
                        "/endpoints/shop/outcomes",
                        "{\"outcomes\":[{\"prediction_id\":\""
                                + id
                                + "\",\"value\":\"no\"},{\"prediction_id\":\""
                                + id.substring(0, 25)
                                + (id.endsWith("0") ? "1" : "0")
                                + "\",\"value\":\"yes\"}]}");
        assertThat(taken.status()).as(taken.text()).isEqualTo(200);
        assertThat(taken.json().path("taken").asInt()).isEqualTo(2);
        assertThat(taken.json().path("waiting_rows").toString()).contains("2");
        for (String wrong :
                List.of(
                        "{\"outcomes\":7}",
                        "{\"outcomes\":[{\"prediction_id\":\"" + id + "\",\"value\":\"maybe\"}]}",
                        "{\"outcomes\":[{\"value\":\"yes\"}]}",
                        "{\"outcomes\":[{\"key\":\"a\",\"time\":\"soon\",\"value\":\"yes\"}]}",
                        "{\"outcomes\":[{\"id\":\"a\",\"value\":\"yes\"}]}")) {
            assertThat(served.post("/endpoints/shop/outcomes", wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(served.post("/endpoints/none/outcomes", "{\"outcomes\":[]}").status())
                .isEqualTo(404);
    }

    /** A program that answers its first question at once, and each later one after some doing. */
    private ModelFolder program(String doing, Duration call) throws IOException {
        assumeTrue(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(p -> Files.isExecutable(Path.of(p, "python3"))),
                "no python3 on the PATH");
        Path model = Files.createDirectories(folder.resolve("program"));
        Files.writeString(
                model.resolve("serve.py"),
                """
                import http.server, json, sys
                asked = 0
                class Door(http.server.BaseHTTPRequestHandler):
                    protocol_version = "HTTP/1.1"
                    def do_POST(self):
                        global asked
                        asked += 1
                        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                        if asked > 25:
                            %s
                        rows = len(body["dataframe_split"]["data"])
                        said = json.dumps({"predictions": [0.02] * rows}).encode()
                        self.send_response(200)
                        self.send_header("Content-Length", str(len(said)))
                        self.end_headers()
                        self.wfile.write(said)
                    def log_message(self, *a): pass
                http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Door).serve_forever()
                """
                        .formatted(doing));
        Signature signature =
                Signature.binary(
                        "bought",
                        List.of(
                                new Input.Number("age", 0, 100),
                                new Input.Category("colour", List.of("blue", "red"))),
                        new Signature.Classes("yes", "no", 0.5));
        Files.write(model.resolve(ModelFolder.SIGNATURE), signature.bytes());
        Files.write(
                model.resolve(ModelFolder.SCORER),
                new ScoreProgram(
                                List.of("python3", "serve.py", ScoreProgram.PORT),
                                new TreeMap<>(),
                                Duration.ofSeconds(20),
                                call,
                                300L << 20,
                                4)
                        .bytes());
        return ModelFolder.read(model);
    }
}
