package dev.weir.ml.model;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One life of a model's program. A shell stands between it and Weir: the program has a process
 * group of its own where the system has {@code setsid}, which is killed when the shell's standard
 * input ends, so that it outlives neither {@link #close} nor Weir itself, however Weir ends.
 */
final class ModelProcess implements AutoCloseable {
    private static final String SHELL =
            """
            exec 3<&0
            if command -v setsid >/dev/null 2>&1
            then setsid "$@" </dev/null 3<&- & else "$@" </dev/null 3<&- & fi
            p=$!
            (read -r _ <&3; kill -9 -- "-$p" || kill -9 "$p") >/dev/null 2>&1 &
            w=$!
            wait "$p"; c=$?
            kill -9 -- "-$p" 2>/dev/null
            kill "$w" 2>/dev/null
            exit "$c"
            """;

    private static final int KEPT_LINES = 40;
    private static final int LONGEST_LINE = 400;
    private static final long PATIENCE_SECONDS = 5;
    private static final int SIGNAL = 128;

    private final Process shell;

    /** Guards itself: the last lines that the program printed. */
    private final Deque<String> words = new ArrayDeque<>();

    private volatile long peakBytes;
    private volatile @Nullable String killed;

    private ModelProcess(Process shell) {
        this.shell = shell;
        Thread.ofVirtual().name("weir-model-log").start(this::listen);
    }

    /**
     * Starts a program.
     *
     * @param environment all that it sees
     */
    static ModelProcess start(List<String> command, Path folder, Map<String, String> environment)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, "weir-model"));
        words.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new ModelProcess(builder.start());
    }

    /** Keeps the last lines, each up to a length: what it prints never fills a disk or memory. */
    private void listen() {
        StringBuilder line = new StringBuilder();
        byte[] buffer = new byte[8192];
        try (InputStream printed = shell.getInputStream()) {
            for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
                for (char c : new String(buffer, 0, n, StandardCharsets.UTF_8).toCharArray()) {
                    if (c == '\n') {
                        keep(line.toString());
                        line.setLength(0);
                    } else if (line.length() < LONGEST_LINE) {
                        line.append(c);
                    }
                }
            }
        } catch (IOException e) {
            keep("(what it printed cannot be read any more: " + e.getMessage() + ")");
        }
        keep(line.toString());
    }

    private void keep(String line) {
        if (line.isBlank()) {
            return;
        }
        synchronized (words) {
            words.addLast(line.strip());
            if (words.size() > KEPT_LINES) {
                words.removeFirst();
            }
        }
    }

    /** The last lines that it printed, the newest last. */
    List<String> lastWords() {
        synchronized (words) {
            return List.copyOf(words);
        }
    }

    boolean alive() {
        return shell.isAlive();
    }

    /** How it ended, as a clause: {@code it ended with exit code 1}; null while it lives. */
    @Nullable String end() {
        String why = killed;
        if (why != null) {
            return why;
        }
        if (shell.isAlive()) {
            return null;
        }
        int exit = shell.exitValue();
        return exit > SIGNAL
                ? "it was killed by signal " + (exit - SIGNAL)
                : "it ended with exit code " + exit;
    }

    /** Waits a little for the end of one that is about to end; whether it has. */
    boolean endedWithin(long millis) throws InterruptedException {
        return shell.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Looks at its memory, where the system tells: all of its processes together.
     *
     * @return bytes in memory now
     */
    long memoryBytes() {
        long now = 0;
        long peak = 0;
        try (Stream<ProcessHandle> processes = shell.descendants()) {
            for (ProcessHandle process : processes.toList()) {
                String status = status(process.pid());
                now += bytes(status, "VmRSS:");
                peak += bytes(status, "VmHWM:");
            }
        }
        peakBytes = Math.max(peakBytes, Math.max(now, peak));
        return now;
    }

    private static String status(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/status"));
        } catch (IOException e) {
            return ""; // it has just ended, or this system does not tell
        }
    }

    private static long bytes(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    /** The most memory that was seen. */
    long peakBytes() {
        return peakBytes;
    }

    /** Kills it and all that it has started, and says why. */
    void kill(String why) {
        if (killed == null && shell.isAlive()) {
            killed = why;
        }
        close();
    }

    @Override
    public void close() {
        List<ProcessHandle> all;
        try (Stream<ProcessHandle> processes = shell.descendants()) {
            all = processes.toList();
        }
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            shell.destroyForcibly(); // it has ended already, or does now
        }
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
        } catch (InterruptedException e) {
            shell.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
