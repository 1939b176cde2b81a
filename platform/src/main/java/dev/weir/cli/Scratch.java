package dev.weir.cli;

import dev.weir.ml.data.DuckDb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder for the length of one command that has no project; closing it takes it away, and so does
 * Ctrl-C.
 */
record Scratch(Path folder, AutoCloseable interruption) implements AutoCloseable {
    static Scratch make(Services services) throws IOException {
        Path folder = Files.createTempDirectory("weir-");
        return new Scratch(folder, services.whenInterrupted(() -> remove(folder)));
    }

    DuckDb duckDb() {
        return new DuckDb(folder, Runtime.getRuntime().availableProcessors());
    }

    @Override
    public void close() throws Exception {
        remove(folder);
        interruption.close();
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
