package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.digest.Digest;
import dev.weir.base.digest.JsonTree;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** A newer Weir, whose libraries are others, and a model that the older one made. */
class KeptLibrariesTest {
    @TempDir Path folder;

    @Test
    void aWeirWithoutXgboostBuildsAModelAgainWithTheXgboostThatTheRecipeKept() throws Exception {
        Path older = BuiltApp.directory();
        Path newer = folder.resolve("newer");
        copy(older, newer);
        String jar = withoutXgboost(newer);
        Files.writeString(folder.resolve("table.csv"), table());
        assertThat(weir(older, folder, "init", "m", "--data", "table.csv", "--target", "y").exit())
                .isZero();
        Path project = folder.resolve("m");
        assertThat(weir(older, project, "run").exit()).isZero();

        Answer again = weir(newer, project, "reproduce", "m:1", "--json");

        assertThat(again.exit()).as(again.text()).isZero();
        JsonNode answer = JsonTree.read(again.text());
        assertThat(answer.path("level").stringValue()).isEqualTo("R0");
        assertThat(answer.path("differs").toString()).contains("xgboost4j");
        assertThat(weir(newer, project, "run", "train", "--force").exit())
                .as("without the kept libraries, %s trains nothing", jar)
                .isEqualTo(3);
    }

    /** Puts an empty jar in its place, as if this Weir had no trainer at all. */
    private static String withoutXgboost(Path app) throws IOException {
        Path jar;
        try (Stream<Path> jars = Files.list(app.resolve("lib"))) {
            jar = jars.filter(j -> j.toString().contains("xgboost4j")).findFirst().orElseThrow();
        }
        new JarOutputStream(Files.newOutputStream(jar)).close();
        Path digests = app.resolve(AppDirectory.DIGESTS);
        String name = "lib/" + jar.getFileName();
        List<String> lines =
                Files.readAllLines(digests).stream()
                        .map(line -> line.endsWith(name) ? digest(jar) + "  " + name : line)
                        .toList();
        Files.write(digests, lines);
        return name;
    }

    private static String digest(Path file) {
        try {
            return Digest.ofFile(file).hex();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(f -> !f.toString().endsWith(".aot")).toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static String table() {
        StringBuilder csv = new StringBuilder("a,b,y\n");
        for (int i = 0; i < 400; i++) {
            csv.append(i % 11).append(',').append(i % 3 == 0 ? "u" : "v").append(',');
            csv.append(i % 11 > 4 ^ i % 7 == 0 ? "yes" : "no").append('\n');
        }
        return csv.toString();
    }

    private record Answer(int exit, String text) {}

    private static Answer weir(Path app, Path at, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = BuiltApp.weir(arguments).directory(at.toFile());
        builder.environment().put("WEIR_APP", app.toString());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }
}
