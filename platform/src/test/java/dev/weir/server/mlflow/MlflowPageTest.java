package dev.weir.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.store.meta.Dialect;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands of docs/mlflow.md do what they say. */
class MlflowPageTest {
    private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

    @TempDir Path folder;

    @Test
    void everyCommandOfThePageIsAnswered() throws IOException, InterruptedException {
        assumeTrue(run("curl --version").exit() == 0, "skipped: no curl here");
        Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3});
        try (TestServer server = TestServer.start(folder.resolve("home"), Dialect.SQLITE)) {
            Matcher block = SHELL.matcher(page());
            assertThat(block.find()).isTrue();
            String script =
                    block.group(1).replace("http://127.0.0.1:8700", server.address().toString());
            Outcome outcome = run(script);
            assertThat(outcome.output())
                    .contains("\"experiment_id\":\"1\"", "\"run_name\":\"by hand\"", "\"runs\":[")
                    .doesNotContain("error_code");
            assertThat(outcome.exit()).isZero();
        }
    }

    private static String page() throws IOException {
        Path at = Path.of("").toAbsolutePath();
        Path page = at.resolve("docs/mlflow.md");
        return Files.readString(
                Files.exists(page) ? page : at.resolveSibling("docs").resolve("mlflow.md"));
    }

    private record Outcome(int exit, String output) {}

    private Outcome run(String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("sh", "-e", "-c", script)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }
}
