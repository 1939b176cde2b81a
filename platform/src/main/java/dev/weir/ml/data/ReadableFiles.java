package dev.weir.ml.data;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether files are there and can be read, before an engine says so in its own words. */
public final class ReadableFiles {
    private ReadableFiles() {}

    /**
     * Refuses what cannot be read.
     *
     * @throws dev.weir.base.problem.ProblemException where there is no file, or one is missing, is
     *     a folder, is empty, or may not be read
     */
    public static void check(List<Path> files) {
        if (files.isEmpty()) {
            throw Problem.input("table.no-file", "source: no file (expected: at least one)")
                    .exception();
        }
        Findings findings = new Findings();
        files.forEach(file -> check(file, findings));
        findings.refuse();
    }

    private static void check(Path file, Findings findings) {
        Place place = Place.of(file);
        try {
            if (!Files.exists(file)) {
                findings.add(Problem.input("table.no-file", "no such file").at(place));
            } else if (Files.isDirectory(file)) {
                findings.add(
                        Problem.input("table.folder", "a folder (expected: a file)")
                                .at(place)
                                .hint(
                                        "Name its files by a pattern, for example "
                                                + file
                                                + "/*.csv"));
            } else if (!Files.isReadable(file)) {
                findings.add(
                        Problem.input("table.unreadable", "no permission to read it")
                                .at(place)
                                .hint("chmod u+r " + file));
            } else if (!Files.isRegularFile(file)) {
                findings.add(
                        Problem.input("table.pipe", "a pipe or a device (expected: a file)")
                                .at(place)
                                .hint("A table is read more than once: write it to a file first."));
            } else if (Files.size(file) == 0) {
                findings.add(
                        Problem.input("table.empty", "an empty file (expected: rows)").at(place));
            }
        } catch (IOException e) {
            findings.add(
                    Problem.input("table.unreadable", String.valueOf(e.getMessage())).at(place));
        }
    }
}
