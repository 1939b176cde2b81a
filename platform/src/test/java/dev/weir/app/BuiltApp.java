package dev.weir.app;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The launcher and the classes under test, for tests that run {@code weir} as a user does. Within
 * {@code mvn verify} nothing is built a second time: the application directory is made of what this
 * JVM runs.
 *
 * <pre>{@code
 * Process weir = BuiltApp.weir("--version").directory(project.toFile()).start();
 * }</pre>
 */
public final class BuiltApp {
    private BuiltApp() {}

    /** {@code weir ARGUMENTS}, not started yet; its environment holds what the launcher needs. */
    public static ProcessBuilder weir(String... arguments) throws IOException {
        List<String> command =
                Stream.concat(Stream.of(launcher().toString()), Stream.of(arguments)).toList();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("WEIR_APP", Directory.MADE.toString());
        builder.environment().put("WEIR_JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    /** The application directory of the classes under test. */
    static Path directory() {
        return Directory.MADE;
    }

    /** The script {@code weir} in the root of the repository. */
    public static Path launcher() {
        return Stream.iterate(
                        Path.of("weir").toAbsolutePath(),
                        file -> file.resolve("../../weir").normalize())
                .limit(3)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow();
    }

    /** Made once for a test JVM, when the first test asks. */
    private static final class Directory {
        static final Path MADE = make();

        private static Path make() {
            try {
                Path parent = Files.createDirectories(Path.of("target", "apps").toAbsolutePath());
                Path root = parent.resolve("of-" + ProcessHandle.current().pid());
                AppAssembly.make(root, classPath(parent));
                AppAssembly.clear(root, Files.getLastModifiedTime(root).toInstant());
                return root;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The folder of classes by a name that its jar has in a release. */
        private static List<Path> classPath(Path parent) throws IOException {
            Path named = parent.resolve("weir-platform-" + ProcessHandle.current().pid());
            List<Path> parts = new ArrayList<>();
            for (Path part : parts()) {
                if (Files.isDirectory(part)) {
                    Files.deleteIfExists(named);
                    Files.createSymbolicLink(named, part.toRealPath());
                    parts.add(named);
                } else {
                    parts.add(part);
                }
            }
            return parts;
        }

        private static List<Path> parts() {
            return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of)
                    .filter(part -> !part.endsWith("test-classes") && Files.exists(part))
                    .toList();
        }
    }
}
