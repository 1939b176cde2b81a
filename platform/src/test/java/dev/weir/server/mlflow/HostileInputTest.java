package dev.weir.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.Wiring;
import dev.weir.cli.Services;
import dev.weir.project.Project;
import dev.weir.store.meta.Dialect;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Whatever a stranger sends, the answer is MLflow's error, without SQL or a trace, and it goes on.
 */
class HostileInputTest {
    @TempDir Path home;
    private TestServer server;
    private String run = "";

    @BeforeEach
    void start() {
        server = TestServer.start(home, Dialect.SQLITE);
        run = server.run("0");
    }

    @AfterEach
    void stillAnswers() {
        assertThat(server.get("runs/get?run_id=" + run).status()).isEqualTo(200);
        server.close();
    }

    private TestServer.Answer post(String endpoint, String body) {
        return server.send(
                "POST",
                "/api/2.0/mlflow/" + endpoint,
                body.replace('\'', '"').replace("RUN", run).getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(TestServer.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
        assertThat(answer.message()).isNotEmpty();
        assertThat(answer.text())
                .doesNotContainIgnoringCase("select ")
                .doesNotContainIgnoringCase("insert into")
                .doesNotContain("Exception")
                .doesNotContain("dev.weir");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "runs/log-metric | {} | key",
                "runs/log-metric | {'run_id':'RUN','value':1,'timestamp':1} | key",
                "runs/log-metric | {'run_id':'RUN','key':'a','timestamp':1} | value",
                "runs/log-metric | {'run_id':'RUN','key':'a','value':1} | timestamp",
                "runs/log-metric | {'run_id':'RUN','key':'a','value':'x','timestamp':1} | value",
                "runs/log-metric | {'run_id':'RUN','key':'a','value':{},'timestamp':1} | value",
                "runs/log-metric | {'run_id':'RUN','key':'a','value':1,'timestamp':1.5} |"
                        + " timestamp",
                "runs/log-metric | {'run_id':'RUN','key':'../a','value':1,'timestamp':1} | metric"
                        + " name",
                "runs/log-metric | {'run_id':['RUN'],'key':'a','value':1,'timestamp':1} | run_id",
                "runs/log-metric | [1] | JSON object",
                "runs/log-metric | {'run_id': | JSON",
                "runs/log-batch | {'run_id':'RUN','metrics':{}} | metrics",
                "runs/log-batch | {'run_id':'RUN','metrics':[1]} | metrics",
                "runs/log-batch |"
                    + " {'run_id':'RUN','params':[{'key':'a','value':'1'},{'key':'a','value':'1'}]}"
                    + " | Duplicate",
                "runs/log-batch | {'run_id':'RUN','params':[{'value':'1'}]} | params",
                "runs/create | {'experiment_id':'0','start_time':'soon'} | start_time",
                "runs/create | {'experiment_id':'0','start_time':9223372036854775807} | start_time",
                "runs/create | {'experiment_id':'0','tags':'x'} | tags",
                "runs/create |"
                    + " {'experiment_id':'0','run_name':'a','tags':[{'key':'mlflow.runName','value':'b'}]}"
                    + " | run_name",
                "runs/update | {'run_id':'RUN','status':'DONE'} | status",
                "runs/search | {'experiment_ids':['0'],'max_results':50001} | max_results",
                "runs/search | {'experiment_ids':['0'],'max_results':-1} | max_results",
                "runs/search | {'experiment_ids':['0'],'page_token':'zzz'} | page token",
                "runs/search | {'experiment_ids':['0'],'run_view_type':'x'} | run_view_type",
                "runs/search | {'experiment_ids':['0'],'filter':'; drop table run'} | filter",
                "experiments/create | {} | name",
                "experiments/create | {'name':'Default'} | already exists",
                "registered-models/create | {'name':'a/b'} | model",
                "model-versions/create | {'name':'m'} | source",
            })
    void aWrongRequestIsTold(String endpoint, String body, String named) {
        TestServer.Answer answer = post(endpoint, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        refused(answer, 400, answer.errorCode());
        assertThat(answer.message()).contains(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "GET | runs/get?run_id=nobody",
                "GET | experiments/get?experiment_id=99",
                "GET | experiments/get-by-name?experiment_name=nobody",
                "GET | metrics/get-history?run_id=nobody&metric_key=a",
                "GET | registered-models/get?name=nobody",
                "GET | model-versions/get?name=nobody&version=1",
                "GET | logged-models/m-nobody",
                "GET | artifacts/list?run_id=nobody",
            })
    void whatIsNotThereIsNotFound(String method, String path) {
        refused(
                server.send(method, "/api/2.0/mlflow/" + path, new byte[0]),
                404,
                "RESOURCE_DOES_NOT_EXIST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../weir.db",
                "..%2f..%2fweir.db",
                "%2e%2e/%2e%2e/weir.db",
                "a/%252e%252e/b",
                "/etc/passwd",
                "%2fetc/passwd",
                "a//b",
                "a/./b",
                "a/..;/b",
                "a%00b",
                "a%5c..%5cb",
                "a%0ab"
            })
    void aPathThatLeadsElsewhereIsRefused(String path) {
        for (String method : List.of("PUT", "GET", "DELETE")) {
            byte[] body = method.equals("PUT") ? new byte[] {1} : new byte[0];
            String answer =
                    raw(
                            method
                                    + " /api/2.0/mlflow-artifacts/artifacts/"
                                    + path
                                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                                    + body.length
                                    + "\r\nConnection: close\r\n\r\n",
                            body);
            assertThat(answer).as(method + " " + path).startsWith("HTTP/1.1 400");
        }
    }

    private String raw(String head, byte[] body) {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(head, e);
        }
    }

    @Test
    void aGigabyteOfJsonIsRefusedAtItsHead() throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.getOutputStream()
                    .write(
                            ("POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: localhost\r\n"
                                            + "Content-Length: 1000000000\r\n\r\n{\"run_id\": \"")
                                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400")
                    .contains("INVALID_PARAMETER_VALUE", "16777216 bytes");
        }
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "{\"run_id\": " + "[".repeat(200_000) + "]".repeat(200_000) + "}";
        refused(post("runs/log-batch", deep), 400, "INVALID_PARAMETER_VALUE");
        refused(post("runs/create", deep), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void aBatchIsAllOrNothing() {
        refused(
                post(
                        "runs/log-batch",
                        "{'run_id':'RUN','params':[{'key':'p','value':'1'}],'metrics':[{'key':'ok','value':1,'timestamp':1},{'key':'a//b','value':1,'timestamp':1}]}"),
                400,
                "INVALID_PARAMETER_VALUE");
        assertThat(
                        server.get("runs/get?run_id=" + run)
                                .json()
                                .at("/run/data/params")
                                .isMissingNode())
                .isTrue();
    }

    @Test
    void moreThanABatchMayHoldIsRefused() {
        StringBuilder many = new StringBuilder("{'run_id':'RUN','metrics':[");
        for (int i = 0; i < 1_001; i++) {
            many.append(i == 0 ? "" : ",").append("{'key':'a','value':1,'timestamp':1}");
        }
        TestServer.Answer answer = post("runs/log-batch", many.append("]}").toString());
        refused(answer, 400, "INVALID_PARAMETER_VALUE");
        assertThat(answer.message()).contains("at most 1000 metrics. Got 1001");
    }

    @Test
    void sqlInNamesAndValuesIsText() {
        String sql = "x'); drop table run; --";
        String experiment =
                server.post("experiments/create", TestServer.object("name", sql))
                        .json()
                        .path("experiment_id")
                        .asString();
        assertThat(
                        server.get("experiments/get?experiment_id=" + experiment)
                                .json()
                                .at("/experiment/name")
                                .asString())
                .isEqualTo(sql);
        assertThat(
                        server.post(
                                        "runs/set-tag",
                                        TestServer.object("run_id", run, "key", "k", "value", sql))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void whateverBytesAreSentTheAnswerIsAnError() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] body = new byte[1 + random.nextInt(60)];
            random.nextBytes(body);
            if (random.nextBoolean()) {
                body[0] = '{';
            }
            for (String endpoint : List.of("runs/log-batch", "runs/search", "runs/create")) {
                TestServer.Answer answer = server.send("POST", "/api/2.0/mlflow/" + endpoint, body);
                assertThat(answer.status()).as("seed %d %s", seed, endpoint).isEqualTo(400);
            }
        }
    }

    @Test
    void concurrentDeletesLeaveOneStateAndNoFault() throws Exception {
        String experiment = server.experiment("contested");
        String contested = server.run(experiment);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String endpoint = List.of("runs/delete", "runs/restore", "runs/set-tag").get(i % 3);
                all.add(
                        threads.submit(
                                () ->
                                        server.post(
                                                        endpoint,
                                                        TestServer.object(
                                                                "run_id", contested, "key", "k",
                                                                "value", "v"))
                                                .status()));
            }
            for (Future<Integer> one : all) {
                assertThat(one.get()).isIn(200, 400);
            }
        }
    }

    @Test
    void aPageOfAnotherSiteIsRefused() {
        refused(
                server.send(
                        "POST",
                        "/api/2.0/mlflow/runs/create",
                        "{}".getBytes(StandardCharsets.UTF_8),
                        "Origin",
                        "https://evil.example"),
                403,
                "PERMISSION_DENIED");
        String answer =
                raw(
                        "GET /api/2.0/mlflow/experiments/get?experiment_id=0 HTTP/1.1\r\n"
                                + "Host: 127.evil.example\r\nConnection: close\r\n\r\n",
                        new byte[0]);
        assertThat(answer).startsWith("HTTP/1.1 403");
    }

    @Test
    void theNetworkIsLetInWithATokenOnly() {
        Services.Listening open =
                new Services.Listening(
                        Project.bare(home.resolve("open"), null), "0.0.0.0", 0, Optional.empty());
        assertThatThrownBy(() -> new Wiring(home).serve(open))
                .hasMessageContaining("0.0.0.0 lets the whole network in");
    }

    @Test
    void aPortThatIsTakenIsTold() {
        Services.Listening taken =
                new Services.Listening(
                        Project.bare(home.resolve("taken"), null),
                        "127.0.0.1",
                        server.address().getPort(),
                        Optional.empty());
        assertThatThrownBy(() -> new Wiring(home).serve(taken))
                .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.port());
    }

    @Test
    void whatIsNotServedSaysSo() {
        refused(server.get("traces"), 501, "NOT_IMPLEMENTED");
        refused(server.get("nothing"), 404, "ENDPOINT_NOT_FOUND");
        refused(
                server.send("GET", "/api/2.0/mlflow/runs/create", new byte[0]),
                404,
                "ENDPOINT_NOT_FOUND");
        assertThat(
                        server.send(
                                        "GET",
                                        "/ajax-api/2.0/mlflow/experiments/get?experiment_id=0",
                                        new byte[0])
                                .status())
                .isEqualTo(200);
        assertThat(server.send("GET", "/nothing", new byte[0]).status()).isEqualTo(404);
        refused(
                server.send(
                        "GET",
                        "/api/2.0/mlflow/experiments/get?experiment_id=0",
                        new byte[0],
                        "X-MLFLOW-WORKSPACE",
                        "nobody"),
                404,
                "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void filesGoUpAndDownInParts() {
        String path = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/model/big.bin";
        byte[] content = new byte[3_000_000];
        new SplittableRandom(7).nextBytes(content);
        assertThat(server.send("PUT", path, content).status()).isEqualTo(200);
        assertThat(server.send("GET", path, new byte[0]).body()).isEqualTo(content);
        TestServer.Answer part =
                server.send("GET", path, new byte[0], "Range", "bytes=1000000-1000009");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body())
                .isEqualTo(java.util.Arrays.copyOfRange(content, 1_000_000, 1_000_010));
        assertThat(server.send("GET", path, new byte[0], "Range", "bytes=-5").body()).hasSize(5);
        assertThat(server.send("GET", path, new byte[0], "Range", "bytes=3000000-").status())
                .isEqualTo(416);
        refused(server.send("PUT", path + "/below", content), 400, "INVALID_PARAMETER_VALUE");
        assertThat(
                        server.get("artifacts/list?run_id=" + run + "&path=model")
                                .json()
                                .at("/files/0/path")
                                .asString())
                .isEqualTo("model/big.bin");
        assertThat(server.send("DELETE", path, new byte[0]).status()).isEqualTo(200);
        refused(server.send("GET", path, new byte[0]), 404, "RESOURCE_DOES_NOT_EXIST");
    }
}
