package dev.weir.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
