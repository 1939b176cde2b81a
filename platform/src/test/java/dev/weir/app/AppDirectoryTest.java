package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class AppDirectoryTest {
    @TempDir Path temp;

    @Test
    void librariesLoadFromTheFolderAndNoneIsUnpackedEvenIfTheProcessIsKilled() throws Exception {
        AppDirectory app = AppAssembly.make(temp.resolve("app"), jars("duckdb", "onnx", "sqlite"));
        Path unpacked = Files.createDirectory(temp.resolve("unpacked"));
        Path output = temp.resolve("output");

        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(app.nativeFlags());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Djava.io.tmpdir=" + unpacked);
        command.add("-cp");
        command.add(
                app.root().resolve("lib").resolve("*")
                        + File.pathSeparator
                        + parts("test-classes")
                        + File.pathSeparator
                        + String.join(File.pathSeparator, paths(jars("slf4j"))));
        command.add(LoadsEveryLibrary.class.getName());
        int exit =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start()
                        .waitFor();

        assertThat(output).content(StandardCharsets.UTF_8).isEqualTo("loaded\n");
        assertThat(exit).isEqualTo(LoadsEveryLibrary.KILLED);
        assertThat(filesBelow(unpacked)).isEmpty();
        assertThat(app.damaged()).isEmpty();
    }

    /** Runs in a JVM of its own, and dies without any clearing up. */
    static final class LoadsEveryLibrary {
        static final int KILLED = 137;

        private LoadsEveryLibrary() {}

        public static void main(String[] args) throws Exception {
            for (String url : List.of("jdbc:sqlite::memory:", "jdbc:duckdb:")) {
                try (var connection = DriverManager.getConnection(url);
                        var statement = connection.createStatement()) {
                    statement.execute("select 1");
                }
            }
            OrtEnvironment.getEnvironment();
            System.out.println("loaded");
            Runtime.getRuntime().halt(KILLED);
        }
    }

    @Test
    void namesEachFileThatIsDamagedOrGone() throws Exception {
        Path classes = Files.createDirectories(temp.resolve("classes"));
        Files.writeString(classes.resolve("a.txt"), "a");
        AppDirectory app = AppAssembly.make(temp.resolve("app"), copies(classes, "one", "two"));

        Files.writeString(app.root().resolve("lib/one.jar"), "torn");
        Files.delete(app.root().resolve("lib/two.jar"));

        assertThat(app.digests()).hasSize(2);
        assertThat(app.damaged()).containsExactly("lib/one.jar", "lib/two.jar");
    }

    @Test
    void storesWhatASiblingHasOnlyOnce() throws Exception {
        Path classes = Files.createDirectories(temp.resolve("classes"));
        Files.writeString(classes.resolve("a.txt"), "a");

        AppDirectory older = AppAssembly.make(temp.resolve("apps/1"), List.of(classes));
        AppDirectory newer = AppAssembly.make(temp.resolve("apps/2"), List.of(classes));

        assertThat(Files.getAttribute(newer.root().resolve("lib/classes.jar"), "unix:ino"))
                .isEqualTo(Files.getAttribute(older.root().resolve("lib/classes.jar"), "unix:ino"));
    }

    @Test
    void clearsAwayOldFoldersButNeverItself() throws Exception {
        AppDirectory old = AppAssembly.make(temp.resolve("apps/1"), List.of());
        AppDirectory current = AppAssembly.make(temp.resolve("apps/2"), List.of());

        AppAssembly.clear(current.root(), Instant.EPOCH);
        assertThat(old.root()).exists();

        AppAssembly.clear(current.root(), Instant.MAX);
        assertThat(old.root()).doesNotExist();
        assertThat(current.root()).exists();
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static List<Path> copies(Path folder, String... names) throws Exception {
        List<Path> copies = new ArrayList<>();
        for (String name : names) {
            Path copy = Files.createDirectory(folder.resolveSibling(name));
            Files.writeString(copy.resolve("name.txt"), name);
            copies.add(copy);
        }
        return copies;
    }

    private static List<Path> jars(String... names) {
        return classPath()
                .filter(Files::isRegularFile)
                .filter(p -> Stream.of(names).anyMatch(p.getFileName().toString()::startsWith))
                .toList();
    }

    private static Path parts(String folder) {
        return classPath().filter(p -> p.endsWith(folder)).findFirst().orElseThrow();
    }

    private static List<String> paths(List<Path> files) {
        return files.stream().map(Path::toString).toList();
    }

    private static Stream<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of);
    }
}
