package dev.weir.pipeline;

import dev.weir.base.problem.Problem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A shell that starts programs for the engine, one after the other. It forks and executes once for
 * each, where {@link ProcessBuilder} executes a helper of the JDK before the program, which costs
 * more than most small programs do. It ends when its standard input does, so never outlives both
 * the engine and what it started.
 *
 * <p>Its programs ignore {@code SIGINT}, which a terminal sends to all of its processes: the engine
 * decides what becomes of them.
 */
final class Launcher implements AutoCloseable {
    private final Process shell;
    private final Writer orders;
    private final BufferedReader answers;

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
     * Starts a program with nothing on its standard input, and with all that it prints appended to
     * the log.
     *
     * @param environment all that it sees
     * @return its process id
     * @throws IOException where the shell is gone
     */
    long start(List<String> command, Path directory, Path log, Map<String, String> environment)
            throws IOException {
        StringBuilder line = new StringBuilder("(cd ");
        quoted(line, directory.toString());
        line.append(" && unset OLDPWD SHLVL"); // what the shell itself would add
        StringBuilder odd = new StringBuilder();
        environment.forEach(
                (name, value) -> {
                    if (isShellName(name)) {
                        quoted(line.append(" && export ").append(name).append('='), value);
                    } else {
                        quoted(odd.append(' '), name + "=" + value);
                    }
                });
        line.append(" && exec").append(odd.isEmpty() ? "" : " env").append(odd);
        command.forEach(word -> quoted(line.append(' '), word));
        line.append(") </dev/null >>");
        quoted(line, log.toString());
        line.append(" 2>&1 & echo $!; wait $!; echo $?\n");
        orders.write(line.toString());
        orders.flush();
        return Long.parseLong(answer());
    }

    /** Whether a shell takes this for a variable's name; others go by way of {@code env}. */
    private static boolean isShellName(String name) {
        return !name.isEmpty()
                && !(name.charAt(0) >= '0' && name.charAt(0) <= '9')
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
        return Integer.parseInt(answer());
    }

    private String answer() throws IOException {
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the shell that starts programs is gone");
        }
        return answer;
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
