package dev.weir.pipeline;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A program of the team's own. It sees a small, fixed environment: the path, a home, the seeds of
 * known nondeterminism pinned, what the step declares, and {@code WEIR_IN_…}, {@code WEIR_OUT_…}
 * and {@code WEIR_PARAMS}.
 *
 * @param argv the command; a shell line is {@code sh -c LINE}
 * @param variables the environment that the step declares
 * @param projectFile whether a relative path names a file of the project: a failed step that asked
 *     for one which it did not declare is told so
 * @param alone whether it runs in a namespace in which it sees no other files
 */
public record CommandKind(
        List<String> argv,
        SortedMap<String, String> variables,
        Predicate<String> projectFile,
        boolean alone)
        implements StepKind {
    private static final int TAIL_LINES = 40;

    public CommandKind {
        argv = List.copyOf(argv);
        variables = new TreeMap<>(variables);
    }

    /** A command that may see other files of the machine. */
    public CommandKind(
            List<String> argv, SortedMap<String, String> variables, Predicate<String> projectFile) {
        this(argv, variables, projectFile, false);
    }

    /** A command without variables, outside a project. */
    public CommandKind(List<String> argv) {
        this(argv, new TreeMap<>(), path -> false);
    }

    @Override
    public String id() {
        return "command/1";
    }

    @Override
    public String command() {
        StringBuilder text = new StringBuilder();
        argv.forEach(a -> text.append(a.length()).append(':').append(a).append('\n'));
        variables.forEach((n, v) -> text.append(n).append('=').append(v).append('\n'));
        if (alone) {
            text.append("isolation=namespace\n");
        }
        return text.toString();
    }

    @Override
    public JsonNode run(Attempt attempt) throws InterruptedException {
        Map<String, String> environment = environment(attempt);
        int exit =
                attempt.run(
                        alone ? Namespace.command(attempt, argv, environment) : argv, environment);
        if (exit != 0) {
            throw failure(attempt, exit);
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private Map<String, String> environment(Attempt attempt) {
        Map<String, String> environment = ProgramEnvironment.variables();
        environment.put(
                "OMP_NUM_THREADS",
                Integer.toString((int) Math.max(1, Math.round(attempt.resources().cpu()))));
        environment.put("TMPDIR", attempt.directory().toString());
        environment.putAll(attempt.variables());
        environment.putAll(variables);
        return environment;
    }

    private RuntimeException failure(Attempt attempt, int exit) {
        List<String> tail = tail(attempt.log());
        String how = exit > 128 ? "killed by signal " + (exit - 128) : "exit code " + exit;
        @Nullable String last = tail.isEmpty() ? null : "Its last words: " + tail.getLast();
        String hint =
                undeclared(tail, attempt.directory())
                        .map(
                                path ->
                                        path
                                                + " is in the project, but the step does not"
                                                + " declare it: name it under in: or code:.")
                        .orElse(last);
        return Problem.step("step.exit", attempt.step() + ": " + how).hint(hint).exception();
    }

    private Optional<String> undeclared(List<String> tail, Path directory) {
        return tail.stream()
                .flatMap(line -> java.util.Arrays.stream(line.split("[\\s'\"`:,()\\[\\]]+")))
                .map(word -> word.replace(directory + "/", ""))
                .filter(word -> !word.isEmpty() && !word.startsWith("/") && word.length() < 500)
                .filter(projectFile)
                .filter(word -> !Files.exists(directory.resolve(word)))
                .findFirst();
    }

    private static List<String> tail(Path log) {
        Deque<String> last = new ArrayDeque<>();
        try (var lines = Files.lines(log, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            lines.filter(line -> !line.isBlank())
                    .forEach(
                            line -> {
                                last.addLast(line);
                                if (last.size() > TAIL_LINES) {
                                    last.removeFirst();
                                }
                            });
        } catch (IOException e) {
            last.addLast("(its log cannot be read: " + e.getMessage() + ")");
        }
        return List.copyOf(last);
    }
}
