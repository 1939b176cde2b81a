package dev.weir.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * CPU of {@code weir run ingest} on a Parquet file, with the expectations that {@code weir init}
 * writes for it, against DuckDB in a bare JVM that computes the same profile and counts the same
 * checks by queries written for this table. Goals: at most 2, and a peak below 4 GiB. Weir's part
 * is all that the command does: start-up, digest of the source, content into the store, profile,
 * checks, dataset version, verdicts.
 *
 * <p>The queries of the peer, on as many threads as Weir may use:
 *
 * <ol>
 *   <li>one pass: rows; of each column values, approximate distinct values; of numbers, days and
 *       moments extremes, of numbers mean and deviation, of texts shortest, longest and mean length
 *   <li>one pass: exact distinct values of the columns that have few, and of those that may be a
 *       key
 *   <li>seven quantiles of each numeric column, over the same hundred thousand rows that Weir picks
 *   <li>for each column of few values, the hundred most frequent with their counts
 *   <li>one pass: of each column the rows that are missing, out of bounds, not finite, not in the
 *       list; rows in all. (That the key is unique, its distinct values tell.)
 * </ol>
 *
 * <p>A person who knows the profile need not run the last one, as Weir does not: it is reported
 * apart.
 *
 * <p>Arguments: rows (5000000), runs (3).
 */
public final class IngestBench {
    private static final String BARE = "bare";
    private static final double PEAK_GOAL_GIB = 4;

    /** The kinds of the table's columns; {@code FEW} have at most a thousand values. */
    private enum Sort {
        KEY,
        ALL_BUT_KEY,
        WHOLE,
        FEW_WHOLE,
        REAL,
        GAPPY_REAL,
        FEW_TEXT,
        DAY,
        MOMENT,
        FLAG;

        boolean number() {
            return switch (this) {
                case KEY, ALL_BUT_KEY, WHOLE, FEW_WHOLE, REAL, GAPPY_REAL -> true;
                case FEW_TEXT, DAY, MOMENT, FLAG -> false;
            };
        }

        /**
         * Whether Weir counts its distinct values exactly: few, or so many that it may be a key.
         */
        boolean exact() {
            return few() || this == DAY || this == KEY || this == ALL_BUT_KEY;
        }

        boolean few() {
            return this == FEW_WHOLE || this == FEW_TEXT || this == FLAG;
        }

        boolean real() {
            return this == REAL || this == GAPPY_REAL;
        }
    }

    /** One column; its values follow from the row number {@code i} by a hash that never changes. */
    private record Made(String name, Sort sort, String sql) {}

    private static final List<Made> COLUMNS = columns();

    private IngestBench() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 3 && arguments[0].equals(BARE)) {
            bare(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
            return;
        }
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 5_000_000;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Checkout checkout = Checkout.here();
        checkout.prepare();
        Path folder = checkout.root().resolve("bench/target/ingest");
        Checkout.delete(folder);
        Files.createDirectories(folder);
        try {
            compare(checkout, folder, rows, runs);
        } finally {
            Checkout.delete(folder);
        }
    }

    private static void compare(Checkout checkout, Path folder, long rows, int runs)
            throws Exception {
        Path table = folder.resolve("table.parquet");
        generate(table, rows);
        checkout.weir(folder, "init", "p", "--data", "table.parquet", "--target", "flag0")
                .expecting(0);
        Path project = folder.resolve("p");
        double[] weir = new double[runs];
        double[] bare = new double[runs];
        double[] profile = new double[runs];
        double peak = 0;
        for (int run = 0; run < runs; run++) {
            Checkout.delete(project.resolve(".weir"));
            Child ours = checkout.weir(project, "run", "ingest").expecting(0);
            Child theirs = bare(table);
            weir[run] = ours.cpuSeconds();
            bare[run] = theirs.cpuSeconds();
            profile[run] = theirs.cpuSeconds() - Double.parseDouble(theirs.output().strip());
            peak = Math.max(peak, ours.peakBytes() / (double) (1L << 30));
            System.out.printf(
                    Locale.ROOT,
                    "run %d: weir %.2f, bare %.2f CPU s (its profile alone %.2f); peak %.2f and"
                            + " %.2f GiB; %.1f and %.1f s on the clock%n",
                    run + 1,
                    weir[run],
                    bare[run],
                    profile[run],
                    ours.peakBytes() / (double) (1L << 30),
                    theirs.peakBytes() / (double) (1L << 30),
                    ours.wallSeconds(),
                    theirs.wallSeconds());
        }
        double ratio = Checkout.median(weir) / Checkout.median(bare);
        System.out.printf(
                Locale.ROOT,
                "ingest of %,d x %d Parquet, %.0f MiB: %.2f times bare DuckDB with profile and"
                        + " checks   goal: at most 2   %s%n",
                rows,
                COLUMNS.size(),
                Files.size(table) / (double) (1L << 20),
                ratio,
                ratio <= 2 ? "met" : "MISSED");
        System.out.printf(
                Locale.ROOT,
                "  %.2f times its profile alone%n  peak %.2f GiB   goal: below 4 GiB   %s%n",
                Checkout.median(weir) / Checkout.median(profile),
                peak,
                peak < PEAK_GOAL_GIB ? "met" : "MISSED");
    }

    private static List<Made> columns() {
        List<Made> columns = new ArrayList<>();
        columns.add(new Made("id", Sort.KEY, "i * 7 + 13"));
        for (int c = 0; c < 7; c++) {
            String normal =
                    "sqrt(-2 * ln(%s)) * cos(2 * pi() * %s) * %d + %d"
                            .formatted(uniform(c), uniform(100 + c), c + 1, 10 * c);
            columns.add(new Made("real" + c, Sort.REAL, normal));
        }
        columns.add(
                new Made(
                        "gappy",
                        Sort.GAPPY_REAL,
                        "case when %s < 0.1 then null else round(1000 * %s, 2) end"
                                .formatted(uniform(20), uniform(21))));
        for (int c = 0; c < 3; c++) {
            columns.add(new Made("small" + c, Sort.FEW_WHOLE, whole(30 + c, 10 + 300 * c)));
        }
        columns.add(new Made("large0", Sort.WHOLE, whole(40, 100_000)));
        columns.add(new Made("large1", Sort.ALL_BUT_KEY, whole(41, 2_000_000_000)));
        for (int c = 0; c < 3; c++) {
            columns.add(
                    new Made("text" + c, Sort.FEW_TEXT, "'kind ' || " + whole(50 + c, 3 + 20 * c)));
        }
        columns.add(new Made("day", Sort.DAY, "date '2020-01-01' + cast(i % 1500 as integer)"));
        columns.add(
                new Made(
                        "moment",
                        Sort.MOMENT,
                        "timestamp '2020-01-01' + to_seconds(" + whole(60, 100_000_000) + ")"));
        columns.add(new Made("flag0", Sort.FLAG, uniform(70) + " < 0.3"));
        return List.copyOf(columns);
    }

    /** A number above 0 and below 1. */
    private static String uniform(int seed) {
        return "((hash(i * 1000 + " + seed + ") % 1000003 + 1) / 1000005.0)";
    }

    private static String whole(int seed, long bound) {
        return "cast(hash(i * 1000 + " + seed + ") % " + bound + " as bigint)";
    }

    private static void generate(Path table, long rows) throws SQLException {
        String select =
                COLUMNS.stream()
                        .map(c -> c.sql + " as " + c.name)
                        .collect(Collectors.joining(", "));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            run(connection, "set threads = 1");
            run(
                    connection,
                    "copy (select %s from range(%d) t(i)) to '%s' (format parquet)"
                            .formatted(select, rows, table));
        }
    }

    private static Child bare(Path table) throws IOException, InterruptedException {
        return Checkout.java(
                        Path.of("").toAbsolutePath(),
                        List.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                IngestBench.class.getName(),
                                BARE,
                                table.toString(),
                                String.valueOf(Runtime.getRuntime().availableProcessors())))
                .expecting(0);
    }

    /** Runs the queries; prints the CPU seconds of the checks. */
    private static void bare(Path table, int threads) throws SQLException {
        String from = " from '" + table + "'";
        double profiled;
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            run(connection, "set threads = " + threads);
            long rows = profile(connection, from);
            profiled = cpuSeconds();
            run(connection, checks(connection, from, rows));
        }
        System.out.println(cpuSeconds() - profiled);
    }

    private static long profile(Connection connection, String from) throws SQLException {
        List<String> all = new ArrayList<>(List.of("count(*)"));
        List<String> exact = new ArrayList<>();
        List<String> quantiles = new ArrayList<>();
        for (Made c : COLUMNS) {
            all.add("count(%1$s), approx_count_distinct(%1$s)".formatted(c.name));
            if (c.sort == Sort.FEW_TEXT) {
                String length = "length(" + c.name + ")";
                all.add("min(%1$s), max(%1$s), avg(%1$s)".formatted(length));
            } else if (c.sort != Sort.FLAG) {
                all.add("min(%1$s), max(%1$s)".formatted(c.name));
            }
            if (c.sort.number()) {
                all.add("avg(%1$s), stddev_samp(%1$s)".formatted(c.name));
                quantiles.add(
                        "quantile_disc(%s, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])"
                                .formatted(c.name));
            }
            if (c.sort.exact()) {
                exact.add("count(distinct " + c.name + ")");
            }
        }
        long rows = run(connection, select(all) + from);
        run(connection, select(exact) + from);
        run(
                connection,
                select(quantiles)
                        + from.replace(" from ", " from read_parquet(")
                        + ", file_row_number = true) where (file_row_number * 2654435761)"
                        + " % 4294967296 < "
                        + (long) (100_000.0 / rows * (1L << 32)));
        for (Made c : COLUMNS) {
            if (c.sort.few()) {
                run(
                        connection,
                        "select %1$s, count(*) as n%2$s group by %1$s order by n desc limit 100"
                                .formatted(c.name, from));
            }
        }
        return rows;
    }

    /** What init expects of such columns, with bounds a tenth wider than what is there. */
    private static String checks(Connection connection, String from, long rows)
            throws SQLException {
        List<String> counts = new ArrayList<>(List.of("count(*) >= " + rows / 2));
        for (Made c : COLUMNS) {
            counts.add(broken(c.name + " is null"));
            if (c.sort.number() && c.sort != Sort.KEY) {
                counts.add(broken("not (" + c.name + " >= -1e10)"));
                counts.add(broken("not (" + c.name + " <= 1e10)"));
            }
            if (c.sort.real()) {
                counts.add(broken("not isfinite(" + c.name + ")"));
            }
            if (c.sort == Sort.FEW_TEXT) {
                List<String> texts = new ArrayList<>();
                try (Statement statement = connection.createStatement();
                        ResultSet kinds =
                                statement.executeQuery(
                                        "select distinct " + c.name + from + " limit 50")) {
                    while (kinds.next()) {
                        texts.add("'" + kinds.getString(1) + "'");
                    }
                }
                counts.add(broken(c.name + " not in (" + String.join(", ", texts) + ")"));
            }
        }
        return select(counts) + from;
    }

    private static String broken(String condition) {
        return "count(*) filter (where " + condition + ")";
    }

    private static String select(List<String> expressions) {
        return "select " + String.join(", ", expressions);
    }

    /** Runs a statement and reads all its rows; the first number, or 0. */
    private static long run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return 0;
            }
            long first = 0;
            try (ResultSet rows = statement.getResultSet()) {
                int columns = rows.getMetaData().getColumnCount();
                boolean read = false;
                while (rows.next()) {
                    for (int c = 1; c <= columns; c++) {
                        Object value = rows.getObject(c);
                        if (!read && value instanceof Number number) {
                            first = number.longValue();
                        }
                        read = true;
                    }
                }
            }
            return first;
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
