package dev.weir.ml.data.source;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.ReadableFiles;

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
        List<Path> files = glob(name) ? matches(base, name) : List.of(base.resolve(name));
        ReadableFiles.check(files);
        return files;
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
}
