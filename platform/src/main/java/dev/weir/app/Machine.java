package dev.weir.app;

import dev.weir.base.digest.Digest;
import dev.weir.pipeline.Resources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine that this process runs on. */
final class Machine {
    private static final long KIB = 1024;

    private Machine() {}

    /** Cores and memory that may be used, within a container's limit where there is one. */
    static Resources resources() {
        return new Resources(
                java.lang.Runtime.getRuntime().availableProcessors(),
                Stream.of(total(), limit())
                        .flatMap(Optional::stream)
                        .min(Long::compare)
                        .orElse(4L << 30),
                0);
    }

    private static Optional<Long> total() {
        return line("/proc/meminfo", "MemTotal:")
                .map(text -> Long.parseLong(text.split(" ")[0]) * KIB);
    }

    private static Optional<Long> limit() {
        return first("/sys/fs/cgroup/memory.max")
                .filter(text -> text.chars().allMatch(Character::isDigit))
                .map(Long::parseLong);
    }

    /** What tells machines of different speed apart: processor and number of cores. */
    static String fingerprint() {
        String model = line("/proc/cpuinfo", "model name").orElse("unknown processor");
        String text =
                model + ", " + java.lang.Runtime.getRuntime().availableProcessors() + " cores";
        return text
                + " ("
                + Digest.ofText(text + System.getProperty("java.vm.version")).brief()
                + ")";
    }

    private static Optional<String> line(String file, String start) {
        return lines(file).stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).replaceFirst("^[\\s:]+", "").strip())
                .findFirst();
    }

    private static Optional<String> first(String file) {
        return lines(file).stream().findFirst();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of(); // another system, or not to be read: asked elsewhere
        }
    }
}
