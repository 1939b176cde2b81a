package dev.weir.app;

import dev.weir.project.Doctor.Finding;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads each native library in a process of its own, so that a crash is a finding. As a program it
 * loads the one that its argument names, prints why where it does not load, and ends with 1 then.
 */
final class NativeProbe {
    /**
     * What loads a library.
     *
     * @param className initialising it loads the library, or else calling the method does
     * @param method static, without parameters; empty where there is nothing to call
     */
    private record Loader(String className, String method) {
        void load() throws ReflectiveOperationException {
            Class<?> type = Class.forName(className);
            if (!method.isEmpty()) {
                type.getMethod(method).invoke(null);
            }
        }
    }

    private static final Map<String, Loader> LOADERS =
            Map.of(
                    "DuckDB", new Loader("org.duckdb.DuckDBNative", ""),
                    "SQLite", new Loader("org.sqlite.SQLiteJDBCLoader", "initialize"),
                    "ONNX Runtime", new Loader("ai.onnxruntime.OrtEnvironment", "getEnvironment"),
                    "XGBoost", new Loader("ml.dmlc.xgboost4j.java.XGBoostJNI", ""));

    private NativeProbe() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Loader loader = LOADERS.get(arguments[0]);
        if (loader == null) {
            throw new IllegalArgumentException(arguments[0] + " (expected: " + LOADERS.keySet());
        }
        try {
            loader.load();
        } catch (InvocationTargetException | LinkageError e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            System.out.println(cause.getMessage());
            System.exit(1);
        }
    }

    /** Tries all of them, side by side. */
    static List<Finding> findings() throws IOException, InterruptedException {
        Map<String, Process> running = new LinkedHashMap<>();
        for (String library : LOADERS.keySet().stream().sorted().toList()) {
            running.put(library, start(library));
        }
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, Process> one : running.entrySet()) {
            String said =
                    new String(
                                    one.getValue().getInputStream().readAllBytes(),
                                    StandardCharsets.UTF_8)
                            .strip();
            findings.add(finding(one.getKey(), one.getValue().waitFor(), said));
        }
        return findings;
    }

    private static Finding finding(String library, int exit, String said) {
        if (exit == 0) {
            return Finding.ok(library, "loads");
        }
        if (said.contains("libgomp")) {
            return Finding.fail(
                    library,
                    "does not load: " + said,
                    "Install OpenMP's runtime: apt-get install libgomp1, or dnf install libgomp");
        }
        return exit > 128
                ? Finding.fail(
                        library,
                        "crashes when it is loaded: signal " + (exit - 128),
                        "Its file is damaged, or not for this processor: build Weir again.")
                : Finding.fail(
                        library,
                        "does not load: " + said.lines().findFirst().orElse("exit code " + exit),
                        "Build Weir again: remove the folder app/ beside the launcher.");
    }

    private static Process start(String library) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xlog:disable", "-XX:TieredStopAtLevel=1", "-XX:-CreateCoredumpOnCrash"));
        command.add("-XX:ErrorFile=/dev/null");
        AppDirectory.running().ifPresent(app -> command.addAll(app.nativeFlags()));
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NativeProbe.class.getName(),
                        library));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
