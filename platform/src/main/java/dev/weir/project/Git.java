package dev.weir.project;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What git says of a project: by the {@code git} program, or by JGit where there is none. */
final class Git {
    private final Path root;
    private final String program;

    Git(Path root) {
        this(root, "git");
    }

    Git(Path root, String program) {
        this.root = root;
        this.program = program;
    }

    /** There is no program of that name. */
    private static final class NoProgram extends Exception {
        private static final long serialVersionUID = 1;

        NoProgram(IOException cause) {
            super(cause);
        }
    }

    /**
     * Where the working tree stands.
     *
     * @param commit absent where there is none yet, or no repository
     * @param dirty whether a file differs from the commit or is not in it
     */
    record State(@Nullable String commit, boolean dirty) {}

    State state() {
        try {
            Optional<String> commit =
                    output("rev-parse", "--verify", "-q", "HEAD").map(String::strip);
            Optional<String> changes = output("status", "--porcelain=v1", "-z", "--", ".");
            return new State(
                    commit.filter(c -> !c.isEmpty()).orElse(null),
                    changes.map(c -> !c.isEmpty()).orElse(true));
        } catch (NoProgram e) {
            return new JavaGit(root).state();
        }
    }

    /**
     * The branches that the commit is the tip of as far as this repository knows: the one that is
     * checked out; where none is, as on build servers, all whose tip it is, those of remotes
     * without the remote's name.
     */
    List<String> branches() {
        try {
            Optional<String> checkedOut =
                    output("symbolic-ref", "--short", "-q", "HEAD").map(String::strip);
            if (checkedOut.isPresent()) {
                return List.of(checkedOut.get());
            }
            String tips =
                    output(
                                    "for-each-ref",
                                    "--points-at=HEAD",
                                    "--format=%(refname)",
                                    "refs/heads",
                                    "refs/remotes")
                            .orElse("");
            return branches(tips.lines());
        } catch (NoProgram e) {
            return new JavaGit(root).branches();
        }
    }

    /** {@code refs/remotes/origin/main}: {@code main}. */
    static List<String> branches(Stream<String> references) {
        return references
                .map(ref -> ref.replaceFirst("^refs/(heads|remotes/[^/]+)/", ""))
                .filter(name -> !name.equals("HEAD"))
                .distinct()
                .sorted()
                .toList();
    }

    /** The project's own files, sorted: tracked or not, but not ignored; paths from the root. */
    List<String> files() {
        try {
            return output("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".")
                    .map(this::listed)
                    .orElseGet(this::walked);
        } catch (NoProgram e) {
            return new JavaGit(root).files().orElseGet(this::walked);
        }
    }

    private List<String> listed(String paths) {
        return new ArrayList<>(
                new TreeSet<>(
                        Stream.of(paths.split("\0"))
                                .filter(f -> !f.isEmpty() && Files.isRegularFile(root.resolve(f)))
                                .toList()));
    }

    /** Without a repository: every file but hidden ones and the data folder. */
    private List<String> walked() {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> root.relativize(f).toString())
                    .filter(f -> !f.startsWith(".") && !f.contains("/."))
                    .filter(f -> !f.startsWith("data/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a repository with one commit of all files. */
    void init() {
        try {
            output("init", "-q", "-b", "main");
            output("add", "-A");
            List<String> commit = new ArrayList<>();
            if (output("config", "user.email").map(String::isBlank).orElse(true)) {
                commit.addAll(List.of("-c", "user.name=weir", "-c", "user.email=weir@localhost"));
            }
            commit.addAll(List.of("commit", "-q", "-m", "Begin"));
            output(commit.toArray(String[]::new));
        } catch (NoProgram e) {
            new JavaGit(root).init();
        }
    }

    /**
     * What the {@code git} program says of itself, {@code git version 2.43.0}; empty without one.
     */
    static Optional<String> version() {
        try {
            return new Git(Path.of(".")).output("--version").map(String::strip);
        } catch (NoProgram e) {
            return Optional.empty();
        }
    }

    /** What git printed; empty where it says no. */
    private Optional<String> output(String... arguments) throws NoProgram {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(Map.of("GIT_OPTIONAL_LOCKS", "0", "LC_ALL", "C"));
        Process git;
        try {
            git = builder.start();
        } catch (IOException e) {
            throw new NoProgram(e);
        }
        try {
            git.getOutputStream().close();
            byte[] out = git.getInputStream().readAllBytes();
            return git.waitFor() == 0
                    ? Optional.of(new String(out, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.step("git.interrupted", "interrupted while git ran").exception(e);
        }
    }
}
