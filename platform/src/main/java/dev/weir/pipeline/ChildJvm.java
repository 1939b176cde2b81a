package dev.weir.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JVM as a child process: the parent's JVM and class path, temporary files in a folder that the
 * engine deletes, native libraries that are unpacked already handed on. It is plain data; {@link
 * Attempt#run} starts it, waits, and kills it.
 *
 * @param main the class that is run
 * @param scratch an existing folder that is deleted after the attempt
 * @param libraries a folder with {@code lib/*.jar} and {@code native/}, where the child is not to
 *     run on the parent's
 */
public record ChildJvm(Class<?> main, Path scratch, Optional<Path> libraries) {
    private static final List<String> NATIVE_PROPERTIES =
            List.of("java.library.path", "onnxruntime.native.path", "org.sqlite.lib.path");

    /** A child on the parent's libraries. */
    public ChildJvm(Class<?> main, Path scratch) {
        this(main, scratch, Optional.empty());
    }

    /**
     * The command line.
     *
     * @param flags of the JVM, besides those that every child has
     */
    public List<String> command(List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-XX:+UseSerialGC");
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:ErrorFile=" + scratch.resolve("hs_err_pid%p.log"));
        command.add("-Djava.io.tmpdir=" + scratch);
        command.add("-Duser.timezone=UTC");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        for (String property : NATIVE_PROPERTIES) {
            String value =
                    libraries
                            .map(folder -> folder.resolve("native").toString())
                            .orElse(System.getProperty(property));
            if (value != null) {
                command.add("-D" + property + "=" + value);
            }
        }
        command.add("-cp");
        command.add(
                libraries
                        .map(folder -> folder.resolve("lib") + "/*")
                        .orElse(System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * What of the parent's environment it sees, and nothing that depends on a person's settings.
     */
    public static Map<String, String> environment(int threads) {
        return Map.of(
                "PATH", Optional.ofNullable(System.getenv("PATH")).orElse(""),
                "OMP_WAIT_POLICY", "PASSIVE",
                "OMP_NUM_THREADS", String.valueOf(threads),
                "ORT_DISABLE_TELEMETRY", "1",
                "TZ", "UTC",
                "LC_ALL", "C");
    }
}
