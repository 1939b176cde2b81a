package dev.weir.pipeline;

import dev.weir.base.problem.Problem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A shell that runs programs for the engine, one after the other. It forks and executes once for
 * each, where {@link ProcessBuilder} executes a helper of the JDK before the program, which costs
 * more than most small programs do. It ends when its standard input does, so never outlives both
 * the engine and what it started.
 *
 * <p>Its programs ignore {@code SIGINT}, which a terminal sends to all of its processes: the engine
 * decides what becomes of them.
 */
final class Launcher implements AutoCloseable {
    /** Variables that a shell keeps for itself. */
    private static final Set<String> RESERVED =
            Set.of(
                    "IFS",
                    "PPID",
                    "PWD",
                    "OLDPWD",
                    "SHLVL",
                    "UID",
                    "EUID",
                    "SHELLOPTS",
                    "BASHOPTS",
                    "OPTIND",
                    "LINENO",
                    "POSIXLY_CORRECT");

    private final Process shell;
    private final Writer orders;
    private final BufferedReader answers;

    /** What the shell has exported for the program before. */
    private final Map<String, String> exported = new HashMap<>();

    Launcher() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh").redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        this.shell = builder.start();
        this.orders = new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.UTF_8);
        this.answers =
                new BufferedReader(
                        new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
        orders.write("trap '' INT QUIT\n");
    }

    /**
     * Finds a program as a shell would.
     *
     * @param directory what relative folders and programs are relative to
     * @return its path with a {@code /} in it, so that a shell does not take it for its own; empty
     *     where there is none
     */
    static Optional<String> found(String program, String path, Path directory) {
        if (program.contains("/")) {
            return Files.exists(directory.resolve(program))
                    ? Optional.of(program)
                    : Optional.empty();
        }
        for (String folder : path.split(":", -1)) {
            String candidate = (folder.isEmpty() ? "." : folder) + "/" + program;
            if (directory.resolve(candidate).toFile().canExecute()) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * Starts a program with nothing on its standard input, and with all that it prints appended to
     * the log.
     *
     * @param command its path as {@link #found} gave it, and its words
     * @param environment all that it sees
     * @throws IOException where the shell is gone
     */
    void start(List<String> command, Path directory, Path log, Map<String, String> environment)
            throws IOException {
        StringBuilder line = new StringBuilder();
        for (String name : List.copyOf(exported.keySet())) {
            if (!environment.containsKey(name)) {
                exported.remove(name);
                line.append("unset ").append(name).append("; ");
            }
        }
        StringBuilder export = new StringBuilder();
        StringBuilder odd = new StringBuilder();
        environment.forEach(
                (name, value) -> {
                    if (!isShellName(name)) {
                        quoted(odd.append(' '), name + "=" + value);
                    } else if (!value.equals(exported.put(name, value))) {
                        quoted(export.append(' ').append(name).append('='), value);
                    }
                });
        line.append(export.isEmpty() ? "" : "export").append(export);
        quoted(line.append(export.isEmpty() ? "" : "; ").append("cd "), directory.toString());
        line.append(" && unset OLDPWD SHLVL &&"); // what the shell itself would add
        line.append(odd.isEmpty() ? "" : " /usr/bin/env").append(odd);
        command.forEach(word -> quoted(line.append(' '), word));
        line.append(" </dev/null >>");
        quoted(line, log.toString());
        line.append(" 2>&1; echo $?\n");
        orders.write(line.toString());
        orders.flush();
    }

    /** Whether a shell takes this for a variable of others; the rest goes by way of {@code env}. */
    private static boolean isShellName(String name) {
        return !name.isEmpty()
                && !(name.charAt(0) >= '0' && name.charAt(0) <= '9')
                && !RESERVED.contains(name)
                && name.chars()
                        .allMatch(
                                c ->
                                        c == '_'
                                                || (c >= '0' && c <= '9')
                                                || (c >= 'A' && c <= 'Z')
                                                || (c >= 'a' && c <= 'z'));
    }

    private static void quoted(StringBuilder line, String text) {
        if (text.indexOf('\0') >= 0) {
            throw Problem.input("step.text", "a text for a program: holds a NUL character")
                    .exception();
        }
        line.append('\'').append(text.replace("'", "'\\''")).append('\'');
    }

    /** Waits for the end of the program; its exit code, or 128 + signal. */
    int exitCode() throws IOException {
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the shell that starts programs is gone");
        }
        return Integer.parseInt(answer);
    }

    /** Kills what it has started, and all that that has. */
    void kill() {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    /** Lets the shell end; a program that it waits for goes on. */
    @Override
    public void close() {
        try {
            orders.close();
        } catch (IOException e) {
            shell.destroyForcibly(); // it is gone, or will be
        }
    }
}
