package dev.weir.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs everyday commands in one process, so that the JVM records their classes. What loads the big
 * libraries (a table read, a model trained) goes before, in processes of its own: those classes
 * would make the small commands slower.
 */
final class AotTraining {
    private static final int ROWS = 200;

    private AotTraining() {}

    static void run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("weir-aot-");
        try {
            Files.writeString(folder.resolve("table.csv"), table());
            child(folder, "init", "m", "--data", "table.csv", "--target", "y");
            Path project = folder.resolve("m");
            child(project, "run");
            for (String[] command :
                    new String[][] {
                        {"--version"},
                        {"--help"},
                        {"plan"},
                        {"run"},
                        {"run", "--json"},
                        {"runs", "list"},
                        {"models", "list"},
                        {"models", "show", "m"}
                    }) {
                Main.run(project, command);
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String table() {
        StringBuilder csv = new StringBuilder("a,b,y\n");
        for (int i = 0; i < ROWS; i++) {
            csv.append(i % 7).append(',').append(i % 3 == 0 ? "u" : "v").append(',');
            csv.append(i * 7919 % 5 < 2 ? "yes" : "no").append('\n');
        }
        return csv.toString();
    }

    private static void child(Path folder, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        AppDirectory.running()
                .ifPresent(
                        app -> {
                            command.addAll(app.nativeFlags());
                            command.add("-Dweir.app=" + app.root());
                        });
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
