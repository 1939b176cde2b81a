package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.store.blob.Trees;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The project's own files as artifacts. */
final class CodeTree {
    private final Path root;
    private final Trees trees;
    private final List<String> files;

    private CodeTree(Path root, Trees trees, List<String> files) {
        this.root = root;
        this.trees = trees;
        this.files = files;
    }

    /** What git counts to the project: tracked or not, but not ignored. */
    static CodeTree of(Project project, Trees trees) {
        return new CodeTree(project.root(), trees, new Git(project.root()).files());
    }

    /** Every file below a folder that holds a code tree and nothing else. */
    static CodeTree checkedOut(Path root, Trees trees) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            List<String> files =
                    all.filter(Files::isRegularFile)
                            .map(file -> root.relativize(file).toString())
                            .sorted()
                            .toList();
            return new CodeTree(root, trees, files);
        }
    }

    /** All of the project's files, relative to its root. */
    List<String> files() {
        return files;
    }

    /** Stores all files. */
    Digest store() {
        return put(new HashSet<>(files));
    }

    /** Stores the files that match any of these globs; their digest even where none matches. */
    Digest store(List<String> globs) {
        List<PathMatcher> matchers =
                globs.stream()
                        .map(g -> FileSystems.getDefault().getPathMatcher("glob:" + g))
                        .toList();
        Set<String> chosen = new HashSet<>();
        for (String file : files) {
            Path path = Path.of(file);
            if (matchers.stream().anyMatch(m -> m.matches(path))) {
                chosen.add(file);
            }
        }
        return put(chosen);
    }

    /** Folders are walked only where a chosen file is below. */
    private Digest put(Set<String> chosen) {
        Set<Path> wanted = new HashSet<>();
        for (String file : chosen) {
            for (Path at = Path.of(file); at != null; at = at.getParent()) {
                wanted.add(at);
            }
        }
        return trees.putFolder(root, wanted::contains);
    }
}
