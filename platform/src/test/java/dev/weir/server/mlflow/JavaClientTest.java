package dev.weir.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.store.meta.Dialect;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.ModelRegistry.RegisteredModel;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.ExperimentsPage;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.RunsPage;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** MLflow's own Java client lives its whole life against the server. */
@ParameterizedClass
@EnumSource(Dialect.class)
class JavaClientTest {
    private final Dialect dialect;
    @TempDir Path home;
    private TestServer server;
    private MlflowClient client;

    JavaClientTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start() {
        server = TestServer.start(home, dialect);
        client = new MlflowClient(server.address().toString());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void experimentsAreMadeFoundRenamedDeletedAndRestored() {
        String id = client.createExperiment("a");
        client.setExperimentTag(id, "team", "first\nsecond");
        assertThat(client.getExperiment(id).getTagsList().getFirst().getValue())
                .isEqualTo("first\nsecond");
        assertThat(client.getExperimentByName("nobody")).isEmpty();
        assertThatThrownBy(() -> client.createExperiment("a"))
                .isInstanceOf(MlflowClientException.class)
                .hasMessageContaining("RESOURCE_ALREADY_EXISTS");
        client.renameExperiment(id, "b");
        assertThat(client.getExperimentByName("b").map(Experiment::getExperimentId)).hasValue(id);
        RunInfo run = client.createRun(id);
        client.deleteExperiment(id);
        assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("deleted");
        assertThat(client.getRun(run.getRunId()).getInfo().getLifecycleStage())
                .isEqualTo("deleted");
        assertThatThrownBy(() -> client.createRun(id)).hasMessageContaining("is deleted");
        client.restoreExperiment(id);
        assertThat(client.getRun(run.getRunId()).getInfo().getLifecycleStage()).isEqualTo("active");
        assertThat(client.searchExperiments("tag.team LIKE 'first%'").getItems()).hasSize(1);
    }

    @Test
    void pagesOfExperimentsEndWhereTheyEnd() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            made.addFirst(client.createExperiment("page-" + i));
        }
        ExperimentsPage page =
                client.searchExperiments(
                        "attribute.name LIKE 'page-%'", ViewType.ACTIVE_ONLY, 2, List.of());
        List<String> seen = new ArrayList<>();
        page.getItems().forEach(e -> seen.add(e.getExperimentId()));
        assertThat(page.getNextPageToken()).isPresent();
        var second = page.getNextPage();
        second.getItems().forEach(e -> seen.add(e.getExperimentId()));
        assertThat(seen).isEqualTo(made);
        assertThat(second.getNextPageToken()).isEmpty();
        assertThat(second.getNextPage().getItems()).isEmpty();
    }

    @Test
    void aRunLogsAndEnds() {
        String experiment = client.createExperiment("runs");
        RunInfo run =
                client.createRun(
                        CreateRun.newBuilder()
                                .setExperimentId(experiment)
                                .setUserId("anna")
                                .setStartTime(1_000)
                                .setRunName("first")
                                .build());
        String id = run.getRunId();
        client.logParam(id, "depth", "6");
        client.logParam(id, "depth", "6");
        assertThatThrownBy(() -> client.logParam(id, "depth", "7"))
                .hasMessageContaining("was already logged with value='6'");
        client.setTag(id, "team", "a");
        client.setTag(id, "team", "b");
        client.logBatch(
                id,
                List.of(metric("loss", 0.5, 10, 1), metric("loss", 0.25, 20, 2)),
                List.of(Param.newBuilder().setKey("rate").setValue("0.1").build()),
                List.of(RunTag.newBuilder().setKey("note").setValue("größe").build()));
        client.setTerminated(id, RunStatus.FAILED, 5_000);
        Run known = client.getRun(id);
        assertThat(known.getInfo().getStatus()).isEqualTo(RunStatus.FAILED);
        assertThat(known.getInfo().getEndTime()).isEqualTo(5_000);
        assertThat(known.getInfo().getUserId()).isEqualTo("anna");
        assertThat(known.getInfo().getRunName()).isEqualTo("first");
        assertThat(known.getData().getMetricsList()).containsExactly(metric("loss", 0.25, 20, 2));
        assertThat(known.getData().getParamsList())
                .extracting(Param::getKey)
                .containsExactlyInAnyOrder("depth", "rate");
        assertThat(known.getData().getTagsList())
                .extracting(RunTag::getValue)
                .contains("b", "größe", "first");
        client.deleteTag(id, "team");
        assertThatThrownBy(() -> client.deleteTag(id, "team"))
                .hasMessageContaining("No tag with name: team in run with id " + id);
        assertThatThrownBy(() -> client.deleteTag("fakeRunId", "team"))
                .hasMessageContaining("Run 'fakeRunId' not found");
        assertThatThrownBy(() -> client.getRun("nobody"))
                .hasMessageContaining("Run with id=nobody not found");
        client.deleteRun(id);
        assertThatThrownBy(() -> client.logParam(id, "late", "1")).hasMessageContaining("deleted");
        client.restoreRun(id);
        client.logParam(id, "late", "1");
    }

    @Test
    void aHistoryIsInLoggedOrderAndTheLatestIsTheGreatest() {
        String id = client.createRun(client.createExperiment("history")).getRunId();
        double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 5, -3};
        long[] steps = {1, -5, 4, 4, 4};
        long[] times = {1_000, 2_000, 2_999, 2_998, 3_000};
        for (int i = 0; i < values.length; i++) {
            client.logMetric(id, "m", values[i], times[i], steps[i]);
        }
        List<Metric> history = client.getMetricHistory(id, "m");
        assertThat(history.stream().map(Metric::getValue))
                .containsExactly(
                        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 5.0, -3.0);
        assertThat(history.stream().map(Metric::getStep)).containsExactly(1L, -5L, 4L, 4L, 4L);
        assertThat(client.getRun(id).getData().getMetrics(0).getValue()).isEqualTo(-3.0);
    }

    @Test
    void aLongHistoryIsReadInPages() {
        String id = client.createRun(client.createExperiment("long")).getRunId();
        int points = 26_000;
        for (int from = 0; from < points; from += 1_000) {
            List<Metric> batch = new ArrayList<>();
            for (int i = from; i < from + 1_000; i++) {
                batch.add(metric("m", i, i, i));
            }
            client.logBatch(id, batch, List.of(), List.of());
        }
        // getMetricHistory of 2.17.2 adds the second page to an immutable list: a fault of its own.
        List<Double> values = new ArrayList<>();
        String next = "";
        int pages = 0;
        do {
            JsonNode page =
                    JsonMapper.shared()
                            .readTree(
                                    client.sendGet(
                                            "metrics/get-history?run_id=%s&metric_key=m&max_results=25000%s"
                                                    .formatted(id, next)));
            page.path("metrics").forEach(point -> values.add(point.path("value").asDouble()));
            next = "&page_token=" + page.path("next_page_token").asString("");
            pages++;
        } while (!next.equals("&page_token="));
        assertThat(pages).isEqualTo(2);
        assertThat(values).hasSize(points);
        assertThat(values.getLast()).isEqualTo(points - 1.0);
    }

    @Test
    void searchesFilterOrderAndPage() {
        String experiment = client.createExperiment("search");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String id = client.createRun(experiment).getRunId();
            ids.add(id);
            client.logMetric(id, "accuracy_score", i / 10.0, 1, 0);
            client.logParam(id, "min_samples_leaf", Integer.toString(i % 2));
        }
        client.setTag(ids.getFirst(), "user_email", "x");
        client.setTag(ids.get(1), "user_email", "y");
        assertThat(found(experiment, "tag.user_email != 'x'")).containsExactly(ids.get(1));
        assertThat(found(experiment, "metrics.accuracy_score >= 0.2"))
                .containsExactlyInAnyOrder(ids.get(2), ids.get(3));
        RunsPage page =
                client.searchRuns(
                        List.of(experiment),
                        "",
                        ViewType.ACTIVE_ONLY,
                        2,
                        List.of("params.min_samples_leaf", "metrics.accuracy_score DESC"));
        List<String> seen = new ArrayList<>();
        page.getItems().forEach(run -> seen.add(run.getInfo().getRunId()));
        var second = page.getNextPage();
        second.getItems().forEach(run -> seen.add(run.getInfo().getRunId()));
        assertThat(seen).containsExactly(ids.get(2), ids.get(0), ids.get(3), ids.get(1));
        assertThat(second.getNextPageToken()).isEmpty();
        assertThat(second.getNextPage().getItems()).isEmpty();
        client.deleteRun(ids.getFirst());
        assertThat(
                        client.searchRuns(List.of(experiment), "", ViewType.DELETED_ONLY).stream()
                                .map(RunInfo::getRunId))
                .containsExactly(ids.getFirst());
    }

    private List<String> found(String experiment, String filter) {
        return client.searchRuns(List.of(experiment), filter).stream()
                .map(RunInfo::getRunId)
                .toList();
    }

    @Test
    void modelsAndVersionsAreRegisteredMovedAndFound() {
        String run = client.createRun(client.createExperiment("registry")).getRunId();
        client.sendPost("registered-models/create", "{\"name\": \"m\"}");
        String source = "runs:/" + run + "/model";
        for (int i = 0; i < 2; i++) {
            client.sendPost(
                    "model-versions/create",
                    "{\"name\": \"m\", \"source\": \"%s\", \"run_id\": \"%s\"}"
                            .formatted(source, run));
        }
        assertThat(client.getModelVersionDownloadUri("m", "1")).isEqualTo(source);
        assertThat(client.getLatestVersions("m"))
                .extracting(ModelVersion::getVersion)
                .containsExactly("2");
        client.sendPost(
                "model-versions/transition-stage",
                "{\"name\": \"m\", \"version\": \"1\", \"stage\": \"Staging\"}");
        client.sendPost(
                "model-versions/transition-stage",
                "{\"name\": \"m\", \"version\": \"2\", \"stage\": \"Production\"}");
        assertThat(client.getLatestVersions("m", List.of("Staging")))
                .extracting(ModelVersion::getVersion)
                .containsExactly("1");
        RegisteredModel model = client.getRegisteredModel("m");
        assertThat(model.getLatestVersionsList())
                .extracting(ModelVersion::getCurrentStage)
                .containsExactlyInAnyOrder("Staging", "Production");
        client.sendPatch(
                "model-versions/update",
                "{\"name\": \"m\", \"version\": \"2\", \"description\": \"better\"}");
        assertThat(client.getModelVersion("m", "2").getDescription()).isEqualTo("better");
        assertThat(client.searchModelVersions("name = 'm' and run_id = '" + run + "'").getItems())
                .hasSize(2);
        assertThatThrownBy(() -> client.getModelVersion("m", "9"))
                .hasMessageContaining("RESOURCE_DOES_NOT_EXIST");
        assertThatThrownBy(() -> client.getRegisteredModel("nobody"))
                .hasMessageContaining("Registered Model with name=nobody not found");
    }

    @Test
    void aTokenLetsIn() throws IOException {
        Path token = Files.writeString(home.resolve("token"), "0123456789abcdef0123\n");
        String url = dev.weir.store.meta.TestDatabases.freshUrl(dialect);
        try (TestServer guarded = TestServer.start(home, url, Optional.of(token))) {
            String address = guarded.address().toString();
            assertThat(guarded.get("experiments/get?experiment_id=0").status()).isEqualTo(401);
            assertThat(guarded.get("experiments/get?experiment_id=0").errorCode())
                    .isEqualTo("UNAUTHENTICATED");
            for (BasicMlflowHostCreds creds :
                    List.of(
                            new BasicMlflowHostCreds(address, "0123456789abcdef0123"),
                            new BasicMlflowHostCreds(address, "anna", "0123456789abcdef0123"))) {
                try (MlflowClient let = new MlflowClient(creds)) {
                    assertThat(let.getExperiment("0").getName()).isEqualTo("Default");
                }
            }
            try (MlflowClient wrong = new MlflowClient(new BasicMlflowHostCreds(address, "no"))) {
                assertThatThrownBy(() -> wrong.getExperiment("0"))
                        .isInstanceOf(MlflowClientException.class);
            }
        }
    }

    private static Metric metric(String key, double value, long timestamp, long step) {
        return Metric.newBuilder()
                .setKey(key)
                .setValue(value)
                .setTimestamp(timestamp)
                .setStep(step)
                .build();
    }
}
