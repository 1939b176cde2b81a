package dev.weir.cli;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file that a person asked for beside what the screen shows. */
record OutputFile(Path path) {
    /**
     * The file of an option; asked for before the work that fills it, so that a mistake is told at
     * once.
     *
     * @param named as the person wrote it; null: there is none
     * @param read files that the command reads, as the person wrote them
     * @throws dev.weir.base.problem.ProblemException where it cannot be written, or is one of those
     */
    static Optional<OutputFile> of(Services services, @Nullable Path named, List<String> read) {
        if (named == null) {
            return Optional.empty();
        }
        Path path = services.folder().resolve(named).toAbsolutePath().normalize();
        if (Files.isDirectory(path)) {
            throw Problem.input("output.folder", "a folder (expected: a file to write)")
                    .at(Place.of(path))
                    .exception();
        }
        Path above = path.getParent();
        if (above == null || !Files.isDirectory(above)) {
            throw Problem.input("output.folder", "its folder is not there")
                    .at(Place.of(path))
                    .hint("mkdir -p " + above)
                    .exception();
        }
        if (!Files.isWritable(Files.exists(path) ? path : above)) {
            throw Problem.refused("output.permission", "no permission to write it")
                    .at(Place.of(path))
                    .exception();
        }
        if (read.stream().anyMatch(name -> path.equals(place(services, name)))) {
            throw Problem.input("output.input", "is read by this command (expected: another file)")
                    .at(Place.of(path))
                    .exception();
        }
        return Optional.of(new OutputFile(path));
    }

    private static Path place(Services services, String name) {
        return services.folder().resolve(name).toAbsolutePath().normalize();
    }

    /** Writes it; what was there before is gone. */
    void write(String text) {
        try {
            Files.writeString(path, text);
        } catch (IOException e) {
            throw Problem.step("output.write", "cannot be written: " + e.getMessage())
                    .at(Place.of(path))
                    .exception(e);
        }
    }
}
