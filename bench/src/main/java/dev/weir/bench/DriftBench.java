package dev.weir.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What it costs to compare 200 columns (120 of floating-point numbers, 40 of whole numbers, 40 of
 * categories) of Parquet with those of another table: {@code weir data drift} of two tables, and of
 * one with the baseline that was kept of the other; beside it, with no goal, what it costs to keep
 * that, and DuckDB that reads both tables and adds them up. Whole processes, start-up and all.
 *
 * <p>Arguments: rows (1000000), runs (3).
 */
public final class DriftBench {
    private static final double GOAL = 15;
    private static final int DOUBLES = 120;
    private static final int OTHERS = 40;
    private static final int MOVED = 1;

    private DriftBench() {}

    public static void main(String[] arguments) throws Exception {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Checkout checkout = Checkout.here();
        checkout.prepare();
        Path folder = Files.createTempDirectory("weir-drift-bench");
        try {
            generate(folder.resolve("then.parquet"), rows, 0);
            generate(folder.resolve("now.parquet"), rows, 1);
            double[] tables = new double[runs];
            double[] kept = new double[runs];
            double[] keeping = new double[runs];
            double[] floor = new double[runs];
            long peak = 0;
            for (int run = 0; run < runs; run++) {
                floor[run] = added(folder);
                Child both =
                        checkout.weir(folder, "data", "drift", "then.parquet", "now.parquet")
                                .expecting(MOVED);
                tables[run] = both.cpuSeconds();
                peak = Math.max(peak, both.peakBytes());
                keeping[run] =
                        checkout.weir(
                                        folder,
                                        "data",
                                        "baseline",
                                        "then.parquet",
                                        "--out",
                                        "then.baseline.json")
                                .expecting(0)
                                .cpuSeconds();
                kept[run] =
                        checkout.weir(folder, "data", "drift", "then.baseline.json", "now.parquet")
                                .expecting(MOVED)
                                .cpuSeconds();
            }
            System.out.printf(
                    Locale.ROOT,
                    "%,d rows x %d columns, baseline of %,d KiB, peak %,d MiB%n",
                    rows,
                    DOUBLES + 2 * OTHERS,
                    Files.size(folder.resolve("then.baseline.json")) >> 10,
                    peak >> 20);
            print("two tables", tables, GOAL);
            print("a table with a kept baseline", kept, GOAL);
            print("keeping the baseline", keeping, Double.NaN);
            print("DuckDB reads both and adds them up", floor, Double.NaN);
        } finally {
            Checkout.delete(folder);
        }
    }

    private static void print(String name, double[] seconds, double goal) {
        double median = Checkout.median(seconds);
        System.out.printf(
                Locale.ROOT,
                "%-36s %6.2f CPU s%s%n",
                name,
                median,
                Double.isNaN(goal)
                        ? ""
                        : "   goal: under %.0f   %s"
                                .formatted(goal, median < goal ? "met" : "MISSED"));
    }

    private static double added(Path folder) throws SQLException {
        String sums =
                IntStream.range(0, DOUBLES + OTHERS)
                        .mapToObj(i -> "sum(" + (i < DOUBLES ? "d" + i : "i" + (i - DOUBLES)) + ")")
                        .collect(Collectors.joining(", "));
        String texts =
                IntStream.range(0, OTHERS)
                        .mapToObj(i -> ", max(t" + i + ")")
                        .collect(Collectors.joining());
        double start = cpuSeconds();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            for (String table : new String[] {"then", "now"}) {
                try (ResultSet row =
                        statement.executeQuery(
                                "select %s%s from '%s'"
                                        .formatted(
                                                sums, texts, folder.resolve(table + ".parquet")))) {
                    row.next();
                }
            }
        }
        return cpuSeconds() - start;
    }

    /** Normal numbers of a million different values; of the later table three columns move. */
    private static void generate(Path parquet, long rows, int salt) throws SQLException {
        String doubles =
                IntStream.range(0, DOUBLES)
                        .mapToObj(
                                i ->
                                        """
                                        sqrt(-2 * ln((hash(i * 1000 + %1$d) %% 1000000 + 1) / 1000001.0))
                                        * cos(6.2831853 * (hash(i * 1000 + 500 + %1$d) %% 1000000) / 1e6)
                                        + %2$s as d%3$d\
                                        """
                                                .formatted(i + 200 * salt, i < 3 ? salt : 0, i))
                        .collect(Collectors.joining(", "));
        String whole =
                IntStream.range(0, OTHERS)
                        .mapToObj(
                                i ->
                                        "(hash(i * 1000 + %d) %% %d)::bigint as i%d"
                                                .formatted(
                                                        300 + i + 50 * salt,
                                                        i % 2 == 0 ? 12 : 5_000,
                                                        i))
                        .collect(Collectors.joining(", "));
        String texts =
                IntStream.range(0, OTHERS)
                        .mapToObj(
                                i ->
                                        "'kind-' || (hash(i * 1000 + %d) %% %d)::varchar as t%d"
                                                .formatted(400 + i + 50 * salt, 5 + 5 * i, i))
                        .collect(Collectors.joining(", "));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "copy (select %s, %s, %s from range(%d) t(i)) to '%s' (format parquet)"
                            .formatted(doubles, whole, texts, rows, parquet));
        }
    }

    private static double cpuSeconds() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.OperatingSystemMXBean process) {
            return process.getProcessCpuTime() / 1e9;
        }
        throw new IllegalStateException("this JVM does not tell its CPU time");
    }
}
