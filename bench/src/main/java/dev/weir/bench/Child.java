package dev.weir.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a process did that has ended, with all that it started and waited for.
 *
 * @param cpuSeconds user and system time by getrusage(2), to the microsecond
 * @param peakBytes resident memory: the peaks of all its processes added up, looked at ten times a
 *     second, so that a process of less than that may be missing
 * @param output standard output
 * @param errors standard error
 */
record Child(
        int exit,
        double cpuSeconds,
        double wallSeconds,
        long peakBytes,
        String output,
        String errors) {
    private static final int RUSAGE_CHILDREN = -1;
    private static final long RUSAGE_BYTES = 144;
    private static final int LOOK_MILLIS = 100;

    /** Runs a command with no input, to its end. */
    static Child run(List<String> command, Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("weir-bench", ".out");
        Path err = Files.createTempFile("weir-bench", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().putAll(environment);
            double before = childrenSeconds();
            long start = System.nanoTime();
            Process process = builder.start();
            long peak = waitAndLook(process);
            double wall = (System.nanoTime() - start) / 1e9;
            double cpu = childrenSeconds() - before;
            String output = Files.readString(out, StandardCharsets.UTF_8);
            String errors = Files.readString(err, StandardCharsets.UTF_8);
            return new Child(process.exitValue(), cpu, wall, peak, output, errors);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The same, once it ended well. */
    Child expecting(int exitCode) {
        if (exit != exitCode) {
            throw new IllegalStateException(
                    "exit code " + exit + " (expected: " + exitCode + ")\n" + output + errors);
        }
        return this;
    }

    private static long waitAndLook(Process process) throws InterruptedException {
        Map<Long, Long> peaks = new HashMap<>();
        do {
            try (Stream<ProcessHandle> all =
                    Stream.concat(Stream.of(process.toHandle()), process.descendants())) {
                all.forEach(one -> peaks.merge(one.pid(), peakBytes(one.pid()), Math::max));
            }
        } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
        return peaks.values().stream().mapToLong(Long::longValue).sum();
    }

    /** VmHWM of proc(5); 0 for a process that has ended. */
    private static long peakBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    private static double childrenSeconds() {
        Linker linker = Linker.nativeLinker();
        MethodHandle getrusage =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("getrusage"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(RUSAGE_BYTES, Long.BYTES);
            int failed = (int) getrusage.invokeExact(RUSAGE_CHILDREN, usage);
            if (failed != 0) {
                throw new IllegalStateException("getrusage: " + failed + " (expected: 0)");
            }
            long[] times = usage.asSlice(0, 4L * Long.BYTES).toArray(ValueLayout.JAVA_LONG);
            return times[0] + times[2] + (times[1] + times[3]) / 1e6;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
