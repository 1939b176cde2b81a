package dev.weir.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.Wiring;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;
import dev.weir.project.Project;
import dev.weir.store.ledger.Actor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.ModelRegistry.ModelVersionTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** A client's move of a version is a request, and the project's policy answers it. */
class StageRequestTest {
    @TempDir Path folder;

    private TestServer serving(String more) throws IOException {
        Files.writeString(folder.resolve("weir.yaml"), "project: income\n" + more);
        TestServer server = TestServer.ofProject(folder);
        server.post("registered-models/create", TestServer.object("name", "m"));
        register(server);
        return server;
    }

    private static void register(TestServer server) {
        server.post("model-versions/create", TestServer.object("name", "m", "source", "s3://b/m"));
    }

    private static TestServer.Answer move(TestServer server, String version, String stage) {
        return server.post(
                "model-versions/transition-stage",
                TestServer.object("name", "m", "version", version, "stage", stage));
    }

    private static void approve(Path folder, String promotion) {
        try (Home home =
                new Wiring(folder, Clock.systemUTC(), Optional.of(Actor.person("bob")))
                        .home(Project.around(folder))) {
            new Catalogue(home).approve(promotion, "from the command line");
        }
    }

    @Test
    void theJavaClientIsToldThatAPromotionWaitsAndSeesItWhenItWasApproved() throws IOException {
        String more = "promotion: {production: {require: [approval], approvers: [bob]}}\n";
        try (TestServer server = serving(more);
                MlflowClient client = new MlflowClient(server.address().toString())) {
            String asked = "{\"name\": \"m\", \"version\": \"1\", \"stage\": \"%s\"}";
            client.sendPost("model-versions/transition-stage", asked.formatted("Staging"));
            assertThatThrownBy(
                            () ->
                                    client.sendPost(
                                            "model-versions/transition-stage",
                                            asked.formatted("Production")))
                    .isInstanceOf(MlflowClientException.class)
                    .hasMessageContaining("PERMISSION_DENIED")
                    .hasMessageContaining("of m:1 to production waits for one person of bob")
                    .hasMessageContaining("weir promotions approve ");
            ModelVersion version = client.getModelVersion("m", "1");
            assertThat(version.getCurrentStage()).isEqualTo("Staging");
            String promotion =
                    version.getTagsList().stream()
                            .filter(tag -> tag.getKey().equals("weir.promotion"))
                            .map(ModelVersionTag::getValue)
                            .findFirst()
                            .orElseThrow();
            assertThatThrownBy(
                            () ->
                                    client.sendPost(
                                            "registered-models/alias",
                                            "{\"name\": \"m\", \"alias\": \"production\","
                                                    + " \"version\": \"1\"}"))
                    .as("the same promotion")
                    .hasMessageContaining("Promotion " + promotion + " of m:1");
            approve(folder, promotion);
            assertThat(client.getModelVersion("m", "1").getCurrentStage()).isEqualTo("Production");
            client.sendPost("model-versions/transition-stage", asked.formatted("Production"));
            TestServer.Answer byAlias =
                    server.get("registered-models/alias?name=m&alias=production");
            assertThat(byAlias.json().at("/model_version/version").asString()).isEqualTo("1");
        }
    }

    @Test
    void whoMayAskHoldsForClientsAsForPeople() throws IOException {
        try (TestServer server = serving("promotion: {who: ['service:ci']}\n")) {
            TestServer.Answer refused = move(server, "1", "Staging");
            assertThat(refused.errorCode()).isEqualTo("PERMISSION_DENIED");
            assertThat(refused.message()).contains("may not promote m:1 (expected: service:ci)");
        }
    }

    @Test
    void aWorkspaceStandsInThePathWhereAClientCanSendNoHeader() throws IOException {
        try (Home other =
                new Wiring(folder)
                        .home(projectIn(folder.resolve("other"), "workspace: team-b\n"))) {
            assertThat(other.workspace()).isEqualTo("team-b");
        }
        try (TestServer server = serving("");
                MlflowClient there = new MlflowClient(server.address() + "/workspaces/team-b");
                MlflowClient here = new MlflowClient(server.address() + "/workspaces/default")) {
            String id = there.createExperiment("only-there");
            assertThat(there.getExperimentByName("only-there").orElseThrow().getExperimentId())
                    .isEqualTo(id);
            assertThat(here.getExperimentByName("only-there")).isEmpty();
            assertThat(here.getExperimentByName("Default")).isPresent();
            TestServer.Answer nobody =
                    server.send(
                            "GET",
                            "/workspaces/nobody/api/2.0/mlflow/experiments/get?experiment_id=0",
                            new byte[0]);
            assertThat(nobody.errorCode()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
            TestServer.Answer both =
                    server.send(
                            "GET",
                            "/workspaces/team-b/api/2.0/mlflow/experiments/search?max_results=9",
                            new byte[0],
                            "X-MLFLOW-WORKSPACE",
                            "default");
            assertThat(both.errorCode()).isEqualTo("INVALID_PARAMETER_VALUE");
            assertThat(both.message()).contains("'default'", "'team-b'");
            assertThat(server.send("GET", "/workspaces/team-b/version", new byte[0]).text())
                    .isEqualTo("3.6.0");
            assertThat(server.send("GET", "/workspaces/team-b", new byte[0]).status())
                    .isEqualTo(404);
        }
    }

    /** A project that shares the home of the one in this test's folder. */
    private static Project projectIn(Path other, String more) throws IOException {
        Files.createDirectories(other);
        Files.writeString(other.resolve("weir.yaml"), "project: other\nhome: ../.weir\n" + more);
        return Project.around(other);
    }

    private static JsonNode model(TestServer server) {
        return server.get("registered-models/get?name=m").json().path("registered_model");
    }

    @Test
    void whatHasNoGatesGoesWhereItIsPutAndTheAliasNamesTheLast() throws IOException {
        try (TestServer server = serving("")) {
            register(server);
            assertThat(move(server, "1", "production").status()).isEqualTo(200);
            assertThat(move(server, "2", "Production").status()).isEqualTo(200);
            assertThat(
                            server.get("model-versions/get?name=m&version=1")
                                    .json()
                                    .at("/model_version/current_stage")
                                    .asString())
                    .isEqualTo("Production");
            assertThat(model(server).at("/aliases/0/alias").asString()).isEqualTo("production");
            assertThat(model(server).at("/aliases/0/version").asString()).isEqualTo("2");
            assertThat(move(server, "2", "None").status()).isEqualTo(200);
            assertThat(model(server).has("aliases")).isFalse();
            server.post(
                    "registered-models/alias",
                    TestServer.object("name", "m", "alias", "staging", "version", "2"));
            assertThat(
                            server.get("registered-models/alias?name=m&alias=staging")
                                    .json()
                                    .at("/model_version/current_stage")
                                    .asString())
                    .isEqualTo("Staging");
            TestServer.Answer taken =
                    server.send(
                            "DELETE",
                            "/api/2.0/mlflow/registered-models/alias",
                            "{\"name\": \"m\", \"alias\": \"staging\"}"
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(taken.status()).isEqualTo(400);
            assertThat(taken.message()).contains("staging is reserved");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gates | m:1 was never judged (expected: gates that passed)",
                "recipe | m:1: its recipe has no code, data, features, config, environment, run"
            })
    void aProjectMayAskForMore(String demand, String why) throws IOException {
        try (TestServer server = serving("promotion: {require: [" + demand + "]}\n")) {
            for (String stage : new String[] {"Staging", "Production"}) {
                TestServer.Answer refused = move(server, "1", stage);
                assertThat(refused.status()).isEqualTo(403);
                assertThat(refused.errorCode()).isEqualTo("PERMISSION_DENIED");
                assertThat(refused.message()).contains(why);
            }
            TestServer.Answer alias =
                    server.post(
                            "registered-models/alias",
                            TestServer.object("name", "m", "alias", "production", "version", "1"));
            assertThat(alias.errorCode()).isEqualTo("PERMISSION_DENIED");
            assertThat(move(server, "1", "Archived").status()).isEqualTo(200);
        }
    }
}
