package dev.weir.bench;

import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.profile.Profiler;
import dev.weir.stage.ingest.LooseTable;

import tools.jackson.databind.node.JsonNodeFactory;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What 34 checks of a table of 20 columns cost: 14 of missing values, 11 ranges, 3 sets, 2
 * patterns, a length, a prefix, a day and one across columns; two rules are broken. Weir reads the
 * suite, checks, and looks for the rows to show. Beside it the best that a person writes by hand
 * for DuckDB: on Parquet 34 queries {@code select count(*) where …}, on CSV one pass of {@code
 * sum(case …)}. Both in this process, each warmed up by one run; the figure is CPU time. How much
 * memory it takes, a process of its own tells: the command {@code weir data check}.
 *
 * <p>And what the profile of the Parquet file costs, beside {@link HandProfile}.
 *
 * <p>Arguments: rows (1000000), runs (3), and which of {@code parquet}, {@code csv} and {@code
 * profile} (all). Ten million rows take 0.6 GB of Parquet and 2.2 GB of CSV.
 */
public final class CheckBench {
    /** A check as a person writes it by hand: the rows that break it. */
    private record Hand(String broken) {}

    private static final String EMAIL = "^[^@\\s]+@[^@\\s]+\\.[a-z]+$";
    private static final String SKU = "^SKU-[0-9]{3}$";

    private static final String COLUMNS =
            """
            i as id, %s as user_id, %s as qty, 18 + %s as age, %s as score,
            case when i %% 97 = 0 then null else %s / 7.0 end as price,
            sqrt(%s)::double as f_sqrt, -ln((%s + 1) / 1000001.0) as f_exp, %s / 1000000.0 as f_unit,
            (%s / 100.0)::decimal(12,2) as net, (%s / 100.0 + 10000)::decimal(12,2) as gross,
            i %% 3 = 0 as flag, date '2020-01-01' + (i %% 1500)::integer as day,
            timestamp '2020-01-01' + to_seconds(%s) as moment,
            case when i %% 99 = 0 then 'bad' || i else 'user' || %s || '@example.org' end as email,
            'SKU-' || lpad((i %% 1000)::varchar, 3, '0') as sku,
            ['US', 'DE', 'FR', 'IT', 'ES'][(hash(i) %% 5)::integer + 1] as country,
            ['free', 'pro', 'team'][(hash(i + 7) %% 3)::integer + 1] as plan,
            case when i %% 5 = 0 then null else 'note ' || %s end as note,
            'ref-' || hash(i) as ref
            """;

    private static final List<String> NEVER_MISSING =
            List.of(
                    "id", "user_id", "qty", "age", "score", "f_sqrt", "f_exp", "f_unit", "net",
                    "gross", "flag", "day", "moment", "email");

    private static final List<Hand> HAND = hand();

    private CheckBench() {}

    public static void main(String[] arguments) throws Exception {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        List<String> asked =
                arguments.length > 2
                        ? List.of(arguments).subList(2, arguments.length)
                        : List.of("parquet", "csv", "profile");
        Checkout checkout = Checkout.here();
        checkout.prepare();
        Path folder = Files.createTempDirectory("weir-check-bench");
        try {
            Path parquet = folder.resolve("table.parquet");
            Path csv = folder.resolve("table.csv");
            Path suite = Files.writeString(folder.resolve("suite.yaml"), suite());
            generate(parquet, csv, rows, asked.contains("csv"));
            if (asked.contains("parquet")) {
                compare("Parquet", folder, parquet, suite, false, runs, 1.5);
                memory(checkout, folder, parquet);
            }
            if (asked.contains("csv")) {
                compare("CSV", folder, csv, suite, true, runs, 1.3);
                memory(checkout, folder, csv);
            }
            if (asked.contains("profile")) {
                profile(folder, parquet, runs);
            }
        } finally {
            Checkout.delete(folder);
        }
    }

    /** The command by itself: start-up, the checks, the report. */
    private static void memory(Checkout checkout, Path folder, Path table) throws Exception {
        Child command =
                checkout.weir(folder, "data", "check", table.toString(), "--expect", "suite.yaml")
                        .expecting(1);
        double peak = command.peakBytes() / (double) (1L << 30);
        System.out.printf(
                Locale.ROOT,
                "  the command: %.2f CPU s, %.1f s on the clock; peak %.2f GiB   goal: below 2 GiB"
                        + "   %s%n",
                command.cpuSeconds(),
                command.wallSeconds(),
                peak,
                peak < 2 ? "met" : "MISSED");
    }

    private static void profile(Path folder, Path table, int runs) throws SQLException {
        DuckDb duckDb =
                new DuckDb(folder.resolve("scratch"), Runtime.getRuntime().availableProcessors());
        double[] ours = new double[runs];
        double[] theirs = new double[runs];
        double[] sketches = new double[runs];
        for (int run = -1; run < runs; run++) {
            double start = cpuSeconds();
            new Profiler(duckDb).profile(table);
            double profiled = cpuSeconds();
            HandProfile.sameAnswers(table);
            double same = cpuSeconds();
            HandProfile.sketches(table);
            double end = cpuSeconds();
            if (run >= 0) {
                ours[run] = profiled - start;
                theirs[run] = same - profiled;
                sketches[run] = end - same;
            }
        }
        tell("profile", ours, theirs, 1.2, "");
        System.out.printf(
                Locale.ROOT,
                "  one query of sketches: %.2f CPU s (%s)%n",
                Checkout.median(sketches),
                Arrays.toString(sketches));
    }

    private static void tell(
            String name, double[] ours, double[] theirs, double goal, String beside) {
        double ratio = Checkout.median(ours) / Checkout.median(theirs);
        System.out.printf(
                Locale.ROOT,
                "%s: weir %.2f, by hand %.2f CPU s (%s; %s)%s: %.2f times   goal: at most %.1f  "
                        + " %s%n",
                name,
                Checkout.median(ours),
                Checkout.median(theirs),
                Arrays.toString(ours),
                Arrays.toString(theirs),
                beside,
                ratio,
                goal,
                ratio <= goal ? "met" : "MISSED");
    }

    private static void compare(
            String name, Path folder, Path table, Path suite, boolean once, int runs, double goal)
            throws SQLException {
        double[] ours = new double[runs];
        double[] theirs = new double[runs];
        long broken = 0;
        for (int run = -1; run < runs; run++) {
            double start = cpuSeconds();
            ExpectationReport report = weir(folder, table, suite);
            double between = cpuSeconds();
            long found = hand(table, once);
            double end = cpuSeconds();
            broken = report.results().stream().mapToLong(r -> r.violations()).sum();
            if (broken != found || report.results().size() != HAND.size() + 20) {
                throw new IllegalStateException(
                        "Weir found %d rows in %d rules, by hand %d in %d"
                                .formatted(broken, report.results().size(), found, HAND.size()));
            }
            if (run >= 0) {
                ours[run] = between - start;
                theirs[run] = end - between;
            }
        }
        tell(name, ours, theirs, goal, "; both find %,d".formatted(broken));
    }

    private static ExpectationReport weir(Path folder, Path table, Path suite) {
        DuckDb duckDb =
                new DuckDb(folder.resolve("scratch"), Runtime.getRuntime().availableProcessors());
        return new LooseTable(duckDb, folder, JsonNodeFactory.instance.objectNode())
                .check(
                        table.toString(),
                        new YamlReader().read(suite, ConfigSchema.EXPECTATIONS),
                        new LooseTable.Beside(Instant.EPOCH, Optional.empty(), Map.of()),
                        null);
    }

    /** Runs the checks by hand; how many rows break one. */
    private static long hand(Path table, boolean once) throws SQLException {
        String from = " from '" + table + "'";
        long found = 0;
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("set threads = " + Runtime.getRuntime().availableProcessors());
            if (once) {
                String sums =
                        HAND.stream()
                                .map(h -> "sum(case when " + h.broken + " then 1 else 0 end)")
                                .collect(Collectors.joining(", "));
                try (ResultSet row = statement.executeQuery("select " + sums + from)) {
                    row.next();
                    for (int i = 1; i <= HAND.size(); i++) {
                        found += row.getLong(i);
                    }
                }
                return found;
            }
            for (Hand hand : HAND) {
                try (ResultSet row =
                        statement.executeQuery(
                                "select count(*)" + from + " where " + hand.broken)) {
                    row.next();
                    found += row.getLong(1);
                }
            }
            return found;
        }
    }

    private static List<Hand> hand() {
        List<String> ranges =
                List.of(
                        "qty < 0",
                        "qty > 99",
                        "age < 18",
                        "age > 87",
                        "score < 0",
                        "price < 0",
                        "f_exp < 0",
                        "f_unit < 0",
                        "f_unit > 1",
                        "net < 0",
                        "gross < 0");
        List<String> others =
                List.of(
                        "country not in ('US', 'DE', 'FR', 'IT', 'ES')",
                        "plan not in ('free', 'pro', 'team')",
                        "flag not in (true, false)",
                        "not regexp_matches(email, '" + EMAIL + "')",
                        "not regexp_matches(sku, '" + SKU + "')",
                        "length(note) > 10",
                        "not starts_with(ref, 'ref-1')",
                        "day < date '2020-01-01'",
                        "not (gross >= net)");
        return java.util.stream.Stream.of(
                        NEVER_MISSING.stream().map(c -> c + " is null").toList(), ranges, others)
                .flatMap(List::stream)
                .map(Hand::new)
                .toList();
    }

    /** The same as a suite. Its types, one for each column, are checks beside the 34. */
    private static String suite() {
        return """
        columns:
          id: {type: bigint, not_null: true}
          user_id: {type: bigint, not_null: true}
          qty: {type: bigint, not_null: true, min: 0, max: 99}
          age: {type: bigint, not_null: true, min: 18, max: 87}
          score: {type: bigint, not_null: true, min: 0}
          price: {type: double, min: 0}
          f_sqrt: {type: double, not_null: true}
          f_exp: {type: double, not_null: true, min: 0}
          f_unit: {type: double, not_null: true, min: 0, max: 1}
          net: {type: "decimal(12,2)", not_null: true, min: 0}
          gross: {type: "decimal(12,2)", not_null: true, min: 0}
          flag: {type: boolean, not_null: true, in: [true, false]}
          day: {type: date, not_null: true, min: 2020-01-01}
          moment: {type: timestamp, not_null: true}
          email: {type: varchar, not_null: true, regex: '%s'}
          sku: {type: varchar, regex: '%s'}
          country: {type: varchar, in: [US, DE, FR, IT, ES]}
          plan: {type: varchar, in: [free, pro, team]}
          note: {type: varchar, length: {max: 10}}
          ref: {type: varchar}
        rules:
          - {id: prefix, expr: "starts_with(ref, 'ref-1')"}
          - {id: gross-ge-net, expr: "gross >= net"}
        """
                .formatted(EMAIL, SKU);
    }

    private static void generate(Path parquet, Path csv, long rows, boolean both)
            throws SQLException {
        List<Long> bounds =
                List.of(
                        5_000_000L,
                        100L,
                        70L,
                        1_000L,
                        100_000L,
                        1_000_000L,
                        1_000_000L,
                        1_000_001L,
                        1_000_000L,
                        1_000_000L,
                        100_000_000L,
                        4_000_000L,
                        100_000L);
        Object[] whole = new Object[bounds.size()];
        for (int b = 0; b < whole.length; b++) {
            whole[b] = "(hash(i * 100 + %d) %% %d)::bigint".formatted(b, bounds.get(b));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("set threads = 1");
            statement.execute(
                    "copy (select %s from range(%d) t(i)) to '%s' (format parquet, compression zstd)"
                            .formatted(COLUMNS.formatted(whole), rows, parquet));
            if (both) {
                statement.execute("copy (from '%s') to '%s' (header)".formatted(parquet, csv));
            }
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
