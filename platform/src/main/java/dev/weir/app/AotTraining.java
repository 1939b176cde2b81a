package dev.weir.app;

import static java.nio.file.StandardOpenOption.APPEND;

import dev.weir.stage.train.TrainerChild;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs everyday commands in one process, so that the JVM records their classes. What loads the big
 * libraries (a table read, a model trained) goes before, in processes of its own: those classes
 * would make the small commands slower.
 */
final class AotTraining {
    private static final int ROWS = 200;

    /** Enough that the JVM takes what carries them out for worth compiling early. */
    private static final int OWN_STEPS = 50;

    private AotTraining() {}

    static void run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("weir-aot-");
        try {
            Files.writeString(folder.resolve("table.csv"), table());
            child(folder, List.of(), "init", "m", "--data", "table.csv", "--target", "y");
            Path project = folder.resolve("m");
            Files.writeString(project.resolve("pipelines/m.yaml"), ownSteps(), APPEND);
            trainerCache(project);
            for (String[] command :
                    new String[][] {
                        {"--version"},
                        {"--help"},
                        {"plan"},
                        {"run"},
                        {"run", "own" + (OWN_STEPS - 1), "--from", "own0"},
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

    /** The first run trains a model: its trainer leaves a cache for all later ones. */
    private static void trainerCache(Path project) throws IOException, InterruptedException {
        Path made = project.resolve("trainer.aot");
        List<String> flags = List.of("-D" + TrainerChild.AOT_OUTPUT_PROPERTY + "=" + made);
        child(project, flags, "run");
        Optional<Path> published =
                Optional.ofNullable(System.getProperty(TrainerChild.AOT_PROPERTY)).map(Path::of);
        if (published.isPresent() && Files.isRegularFile(made)) {
            Path beside = published.get().resolveSibling(published.get().getFileName() + ".new");
            Files.copy(made, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, published.get(), StandardCopyOption.ATOMIC_MOVE);
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

    private static String ownSteps() {
        StringBuilder yaml = new StringBuilder("\nsteps:\n");
        for (int i = 0; i < OWN_STEPS; i++) {
            yaml.append("  own").append(i).append(": {run: [sh, -c, 'echo ").append(i);
            yaml.append(" > out").append(i).append("'], out: {out: out").append(i).append("}");
            if (i > 0) {
                yaml.append(", in: {before: {from: own").append(i - 1).append(".out}}");
            }
            yaml.append("}\n");
        }
        return yaml.toString();
    }

    private static void child(Path folder, List<String> flags, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        AppDirectory.running()
                .ifPresent(
                        app -> {
                            command.addAll(app.nativeFlags());
                            command.add("-Dweir.app=" + app.root());
                        });
        command.addAll(flags);
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
