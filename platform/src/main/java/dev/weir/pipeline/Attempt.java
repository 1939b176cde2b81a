package dev.weir.pipeline;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** One attempt at a step: its directory, inputs, outputs, log and child processes. */
public final class Attempt {
    /** Marks every descendant of an attempt, so that a later process finds what a dead one left. */
    static final String MARK = "WEIR_ATTEMPT";

    private static final long KILL_NANOS = 5_000_000_000L;
    private static final long KILL_AGAIN_NANOS = 20_000_000;

    private final String id;
    private final Step step;
    private final Path directory;
    private final Path log;
    private final Map<String, Path> inputs;

    /**
     * Guards {@link #program} and {@link #stopped}: no program starts after the stop, and none of
     * another attempt, which may get the launcher next, is killed in its place.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition ended = lock.newCondition();
    private @Nullable Launcher program;
    private @Nullable AttemptState stopped;
    private @Nullable Thread thread;
    private @Nullable Launchers launchers;
    private @Nullable Path kept;
    private @Nullable Predicate<String> stragglers;

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

    /**
     * A folder that outlives the attempt where that fails: the next attempt of the same key finds
     * what this one has left there.
     */
    public Path kept() {
        Path folder = kept;
        if (folder == null) {
            throw new IllegalStateException("attempt " + id + " keeps nothing");
        }
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It has succeeded: nobody needs what it kept. */
    void forget(Workbench workbench) throws IOException {
        if (kept != null && Files.exists(kept)) {
            workbench.forget(kept);
        }
    }

    /** It is over: a folder in which it has left nothing need not stay. */
    void keepNothingEmpty() {
        if (kept != null) {
            boolean unused = kept.toFile().delete(); // refused where something is in it
        }
    }

    void keeps(Path folder) {
        kept = folder;
    }

    /** Ends what its programs have left running in the background; whether there was any. */
    public boolean endStragglers() {
        return stragglers != null && stragglers.test(id);
    }

    void stragglersEndBy(Predicate<String> killer) {
        stragglers = killer;
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

    /** As {@link #log(String)}, where a full disk must not hide what is told. */
    void note(String line) {
        try {
            log(line);
        } catch (UncheckedIOException e) {
            return; // what the line adds to is told in another way
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
        List<String> found = new ArrayList<>(command);
        found.set(
                0,
                Launcher.found(command.getFirst(), environment.getOrDefault("PATH", ""), directory)
                        .orElseThrow(() -> doesNotStart(command.getFirst())));
        Launcher launcher = null;
        try {
            launcher = launchers().take();
            int exit = ended(launcher, found, environment);
            launchers().giveBack(launcher);
            launcher = null;
            if (stopped() != null) {
                throw new InterruptedException("stopped");
            }
            return exit;
        } catch (IOException e) {
            throw Problem.step("step.start", step.name() + ": no program can be started")
                    .hint(e.getMessage())
                    .exception(e);
        } finally {
            if (launcher != null) {
                launcher.close();
            }
        }
    }

    private ProblemException doesNotStart(String program) {
        return Problem.step("step.start", step.name() + ": " + program + " does not start")
                .hint(
                        program.contains("/")
                                ? "There is no such file in its directory; name it under in: or"
                                        + " code:."
                                : "No program of this name is on the PATH.")
                .exception();
    }

    private int ended(Launcher launcher, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Map<String, String> marked = new TreeMap<>(environment);
        marked.put(MARK, id);
        lock.lock();
        try {
            if (stopped != null) {
                throw new InterruptedException("stopped");
            }
            launcher.start(command, directory, log, marked);
            program = launcher;
        } finally {
            lock.unlock();
        }
        try {
            return launcher.exitCode();
        } finally {
            lock.lock();
            try {
                program = null;
                ended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Launchers launchers() {
        if (launchers == null) {
            throw new IllegalStateException(
                    "attempt " + id + " (expected: one that is carried out)");
        }
        return launchers;
    }

    void carriedOutWith(Launchers starters) {
        launchers = starters;
    }

    /** The thread that a stop interrupts; none any more, and no interrupt is left on it. */
    void runsOn(@Nullable Thread worker) {
        lock.lock();
        try {
            if (worker == null) {
                boolean unused = Thread.interrupted();
            }
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
            if (thread != null) {
                thread.interrupt();
            }
            // A shell that has its order may not have started the program yet: again until it ends.
            long left = KILL_NANOS;
            while (program != null && left > 0) {
                program.kill();
                left -= KILL_AGAIN_NANOS - Math.max(0, ended.awaitNanos(KILL_AGAIN_NANOS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
