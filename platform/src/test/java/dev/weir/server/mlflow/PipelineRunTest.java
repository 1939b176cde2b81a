package dev.weir.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.Wiring;
import dev.weir.base.digest.Digest;
import dev.weir.ml.registry.NewVersion;
import dev.weir.ml.registry.Recipe;
import dev.weir.ml.tracking.NewRun;
import dev.weir.project.Home;
import dev.weir.project.Project;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a pipeline made is found by MLflow's clients, and its gates decide over their requests. */
@ParameterizedClass
@EnumSource(Dialect.class)
class PipelineRunTest {
    private static final String RUN = "0123456789abcdef0123456789abcdef";

    private final String database;
    @TempDir Path folder;

    PipelineRunTest(Dialect dialect) {
        database = TestDatabases.freshUrl(dialect);
    }

    @Test
    void itsRunHasItsModelAndItsVersionIsAVersion() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve("model.onnx"), "graph");
        Files.writeString(model.resolve("signature.json"), "{}");
        Path root = folder.resolve("home");
        try (Home home = new Wiring(folder).home(Project.bare(root, database))) {
            Digest digest = home.trees().putFolder(model, file -> true);
            home.database()
                    .writing(
                            tx -> {
                                String experiment = home.tracking().experiment(tx, "income").id();
                                home.tracking().start(tx, NewRun.of(RUN, experiment, "r", "anna"));
                                home.registry()
                                        .register(
                                                tx,
                                                home.actor(),
                                                new NewVersion(
                                                        "income",
                                                        digest,
                                                        Recipe.unknown(),
                                                        RUN,
                                                        "runs:/" + RUN + "/model",
                                                        "",
                                                        Map.of("roc_auc", 0.9),
                                                        JsonNodeFactory.instance.objectNode()));
                            });
        }
        try (TestServer server = TestServer.start(root, database, Optional.empty())) {
            assertThat(
                            server.get("artifacts/list?run_id=" + RUN)
                                    .json()
                                    .at("/files/0/path")
                                    .asString())
                    .isEqualTo("model");
            assertThat(
                            server.get("artifacts/list?run_id=" + RUN + "&path=model")
                                    .json()
                                    .at("/files/0/path")
                                    .asString())
                    .isEqualTo("model/model.onnx");
            assertThat(
                            server.send(
                                            "GET",
                                            "/api/2.0/mlflow-artifacts/artifacts/1/"
                                                    + RUN
                                                    + "/artifacts/model/model.onnx",
                                            new byte[0])
                                    .text())
                    .isEqualTo("graph");
            assertThat(
                            server.get("model-versions/get-download-uri?name=income&version=1")
                                    .json()
                                    .path("artifact_uri")
                                    .asString())
                    .isEqualTo("runs:/" + RUN + "/model");
            TestServer.Answer refused =
                    server.post(
                            "model-versions/transition-stage",
                            TestServer.object(
                                    "name", "income", "version", "1", "stage", "Production"));
            assertThat(refused.errorCode()).isEqualTo("PERMISSION_DENIED");
            assertThat(refused.message()).contains("income:1 was never judged");
        }
    }
}
