package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The checkout that is measured, with its launcher. All JVMs are of the JDK that the benchmark runs
 * on.
 *
 * @param root where the launcher lies
 */
record Checkout(Path root) {
    /** The one that {@code bench/run} names, or the working directory. */
    static Checkout here() {
        Path root = Path.of(System.getProperty("weir.root", "")).toAbsolutePath().normalize();
        if (!Files.isExecutable(root.resolve("weir"))) {
            throw new IllegalStateException(
                    root + ": holds no launcher (expected: the root of Weir's repository)");
        }
        return new Checkout(root);
    }

    /** Runs {@code weir} with these arguments in a folder. */
    Child weir(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(root.resolve("weir").toString()));
        command.addAll(Arrays.asList(arguments));
        return Child.run(
                command, folder, Map.of("WEIR_JAVA_HOME", System.getProperty("java.home")));
    }

    /** Runs {@code java} with these arguments. */
    static Child java(Path folder, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(arguments);
        return Child.run(command, folder, Map.of());
    }

    /** Has it built, and its caches made, before anything is measured. */
    void prepare() throws IOException, InterruptedException {
        System.out.println(weir(root, "--version").expecting(0).output().strip());
    }

    /**
     * {@code java} as Weir starts it, with the class path of the application and of the benchmarks:
     * a class's name and its arguments follow. Call {@link #prepare} first.
     *
     * @param process {@code cli}, as the launcher starts Weir; {@code trainer}, as Weir starts a
     *     trainer, but for the size of its heap
     */
    List<String> java(String process) throws IOException {
        Path apps = root.resolve("app");
        Path app = apps.resolve(Files.readString(apps.resolve("current")).strip());
        List<String> command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Djava.library.path=" + app.resolve("native"),
                                "-Dorg.sqlite.lib.path=" + app.resolve("native"),
                                "-Donnxruntime.native.path=" + app.resolve("native")));
        if (process.equals("cli")) {
            command.addAll(List.of("-Xlog:disable", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        }
        try (Stream<Path> files = Files.list(app)) {
            files.map(Path::toString)
                    .filter(file -> file.endsWith(".aot"))
                    .forEach(
                            file -> {
                                if (file.contains("/" + process + "-")) {
                                    command.add("-XX:AOTCache=" + file);
                                }
                                if (file.contains("/trainer-")) {
                                    command.add("-Dweir.trainer.aot=" + file);
                                }
                            });
        }
        try (Stream<Path> jars = Files.list(app.resolve("lib"))) {
            command.add("-cp");
            command.add(
                    Stream.concat(jars.sorted(), Stream.of(root.resolve("bench/target/classes")))
                            .map(Path::toString)
                            .collect(Collectors.joining(":")));
        }
        return command;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Deletes a folder with all that is in it; nothing where it is not there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
