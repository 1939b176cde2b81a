package dev.weir.ml.data;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files that a {@code source} names. */
public final class SourceFiles {
    private SourceFiles() {}

    /**
     * The files of a name or glob ({@code data/2024-*.csv}, {@code data/**}{@code /*.parquet}),
     * sorted by name, each a file that can be read and has content.
     *
     * @param base the folder that a relative name starts from
     * @throws dev.weir.base.problem.ProblemException where there is none, or one is a folder, is
     *     empty, or may not be read
     */
    public static List<Path> of(Path base, String name) {
        Findings findings = new Findings();
        List<Path> files = glob(name) ? matches(base, name) : List.of(base.resolve(name));
        for (Path file : files) {
            check(file, findings);
        }
        findings.refuse();
        return files;
    }

    /** Checks files that are already known; the same problems as {@link #of}. */
    static void check(List<Path> files) {
        if (files.isEmpty()) {
            throw Problem.input("table.no-file", "source: no file (expected: at least one)")
                    .exception();
        }
        Findings findings = new Findings();
        files.forEach(file -> check(file, findings));
        findings.refuse();
    }

    private static boolean glob(String name) {
        return name.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '{');
    }

    private static List<Path> matches(Path base, String glob) {
        int wild = 0;
        while ("*?[{".indexOf(glob.charAt(wild)) < 0) {
            wild++;
        }
        int slash = glob.lastIndexOf('/', wild);
        Path root = slash < 0 ? base : base.resolve(glob.substring(0, Math.max(slash, 1)));
        String rest = glob.substring(slash + 1);
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
        List<Path> found = List.of();
        if (Files.isDirectory(root)) {
            try (Stream<Path> paths = Files.walk(root)) {
                found =
                        paths.filter(Files::isRegularFile)
                                .filter(p -> matcher.matches(root.relativize(p)))
                                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                                .toList();
            } catch (IOException | UncheckedIOException e) {
                throw Problem.input("table.unreadable", glob + ": " + e.getMessage()).exception(e);
            }
        }
        if (found.isEmpty()) {
            throw Problem.input(
                            "table.no-file",
                            "no file matches " + glob + " (expected: at least one)")
                    .hint("The pattern is looked for below " + root + ".")
                    .exception();
        }
        return found;
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
