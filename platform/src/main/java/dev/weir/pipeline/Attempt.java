package dev.weir.pipeline;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** One attempt at a step: its directory, inputs, outputs, log and child processes. */
public final class Attempt {
    /** Marks every descendant of an attempt, so that a later process finds what a dead one left. */
    static final String MARK = "WEIR_ATTEMPT";

    private final String id;
    private final Step step;
    private final Path directory;
    private final Path log;
    private final Map<String, Path> inputs;

    /** Guards {@link #child} and {@link #stopped}: no child starts after the stop. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Process child;
    private @Nullable AttemptState stopped;
    private @Nullable Thread thread;

    Attempt(String id, Step step, Path directory, Path log, Map<String, Path> inputs) {
        this.id = id;
        this.step = step;
        this.directory = directory;
        this.log = log;
        this.inputs = inputs;
    }

    /** The attempt's id. */
    public String id() {
        return id;
    }

    /** The step's name. */
    public String step() {
        return step.name();
    }

    /** The directory of this attempt: empty but for inputs and code, and gone when it ends. */
    public Path directory() {
        return directory;
    }

    /** Where an input lies: to be read only. */
    public Path input(String name) {
        Path path = inputs.get(name);
        if (path == null) {
            throw new IllegalArgumentException("input: " + name + " of " + inputs.keySet());
        }
        return path;
    }

    /** Whether the step has an input of this name. */
    public boolean hasInput(String name) {
        return inputs.containsKey(name);
    }

    /** Where an output is to be written. */
    public Path output(String name) {
        String path = step.outputs().get(name);
        if (path == null) {
            throw new IllegalArgumentException("output: " + name + " of " + step.outputs());
        }
        return directory.resolve(path);
    }

    /** What a program of the team's own finds in its environment: relative paths by name. */
    Map<String, String> variables() {
        Map<String, String> variables = new TreeMap<>();
        step.inputs().forEach((n, input) -> variables.put("WEIR_IN_" + upper(n), input.path()));
        step.outputs().forEach((n, path) -> variables.put("WEIR_OUT_" + upper(n), path));
        variables.put("WEIR_PARAMS", CanonicalJson.text(step.params()));
        return variables;
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }

    /** The parameters that the step declares. */
    public ObjectNode params() {
        return step.params();
    }

    /** What the step may use. */
    public Resources resources() {
        return step.resources();
    }

    /** The log of this attempt. */
    public Path log() {
        return log;
    }

    /** Appends a line to the log. */
    public void log(String line) {
        try {
            Files.writeString(
                    log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a program in the attempt's directory, with what it prints going to the log, and waits
     * for its end. It is killed, with all its descendants, when the attempt is stopped.
     *
     * @param environment all that the program sees of it, but for the attempt's own mark
     * @return the exit code; 128 + signal for a killed program
     */
    public int run(List<String> command, Map<String, String> environment)
            throws InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put(MARK, id);
        Process process = started(builder, command);
        try {
            return process.waitFor();
        } finally {
            endChild();
        }
    }

    private static final java.io.File NOTHING = new java.io.File("/dev/null");

    private Process started(ProcessBuilder builder, List<String> command)
            throws InterruptedException {
        lock.lock();
        try {
            if (stopped != null) {
                throw new InterruptedException("stopped");
            }
            child = builder.start();
            return child;
        } catch (IOException e) {
            throw Problem.step(
                            "step.start",
                            step.name() + ": " + command.getFirst() + " does not start")
                    .hint(e.getMessage())
                    .exception(e);
        } finally {
            lock.unlock();
        }
    }

    private void endChild() {
        lock.lock();
        try {
            if (child != null && child.isAlive()) {
                kill(child.toHandle());
            }
            child = null;
        } finally {
            lock.unlock();
        }
    }

    static void kill(ProcessHandle process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    void runsOn(@Nullable Thread worker) {
        lock.lock();
        try {
            thread = worker;
        } finally {
            lock.unlock();
        }
    }

    /** Tells the attempt to end, and kills what it started. */
    void stop(AttemptState why) {
        lock.lock();
        try {
            if (stopped != null) {
                return;
            }
            stopped = why;
            if (child != null) {
                kill(child.toHandle());
            }
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Why it was told to end, if it was. */
    @Nullable AttemptState stopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }
}
