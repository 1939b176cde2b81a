package dev.weir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for what a command without a project cannot keep in memory; gone when it ends. */
final class ScratchFolder {
    private ScratchFolder() {}

    /** What is done in the folder. */
    interface Work<T> {
        T in(Path folder) throws IOException;
    }

    static <T> T with(Work<T> work) throws IOException {
        Path folder = Files.createTempDirectory("weir-");
        try {
            return work.in(folder);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
