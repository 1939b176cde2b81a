package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whether a sweep keeps the machine busy: 30 configurations on adult, two at a time, in a fresh
 * project. Prints the CPU time of all its processes by the wall time and two cores. Goal: at least
 * 0.85. It says something only where nothing else runs, for which the share that other processes
 * took is printed beside it. Runs on Linux, where /proc tells both.
 *
 * <p>Arguments: trials (30).
 */
public final class SweepBench {
    private static final int CORES = 2;
    private static final double GOAL = 0.85;
    private static final int USER = 1;
    private static final int IDLE = 4;
    private static final int WAITING = 5;

    private static final String SWEEP =
            """
            sweep:
              trials: %d
              space:
                max_depth: {int: [3, 10]}
                eta: {log: [0.02, 0.3]}
                subsample: {real: [0.5, 1]}
                colsample_bytree: {real: [0.5, 1]}
            """;

    private SweepBench() {}

    public static void main(String[] arguments) throws Exception {
        int trials = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        Checkout checkout = Checkout.here();
        checkout.prepare();
        String given = System.getProperty("weir.data");
        Path data =
                given == null
                        ? checkout.root().resolve("../shared/data").normalize()
                        : Path.of(given);
        if (!Files.isDirectory(data.resolve("adult"))) {
            System.out.println("skipped: no tables at " + data);
            return;
        }
        Path folder = Files.createTempDirectory("weir-sweep-bench");
        try {
            checkout.weir(
                            folder,
                            "init",
                            "income",
                            "--data",
                            data.resolve("adult/adult.csv").toString(),
                            "--target",
                            "income")
                    .expecting(0);
            Path project = folder.resolve("income");
            Path config = project.resolve("configs/training/income.yaml");
            Files.writeString(config, Files.readString(config) + "\n" + SWEEP.formatted(trials));
            long[] before = machine();
            Child sweep = checkout.weir(project, "sweep", "--jobs", String.valueOf(CORES));
            long[] after = machine();
            sweep.expecting(0);
            System.out.println(sweep.output().strip());
            double busy = sweep.cpuSeconds() / (sweep.wallSeconds() * CORES);
            System.out.printf(
                    Locale.ROOT,
                    "sweep of %d configurations: %.1f CPU s in %.1f s: %.2f of %d cores (goal: at"
                            + " least %.2f); the machine as a whole was busy to %.2f%n",
                    trials,
                    sweep.cpuSeconds(),
                    sweep.wallSeconds(),
                    busy,
                    CORES,
                    GOAL,
                    share(before, after));
        } finally {
            delete(folder);
        }
    }

    /** The ticks of all processors: all, and those without work. */
    private static long[] machine() throws IOException {
        String[] cpu = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +");
        long all = 0;
        for (int i = USER; i < cpu.length; i++) {
            all += Long.parseLong(cpu[i]);
        }
        return new long[] {all, Long.parseLong(cpu[IDLE]) + Long.parseLong(cpu[WAITING])};
    }

    private static double share(long[] before, long[] after) {
        long all = after[0] - before[0];
        return all == 0 ? 0 : 1 - (double) (after[1] - before[1]) / all;
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.sorted(Comparator.reverseOrder()).forEach(files::add);
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
