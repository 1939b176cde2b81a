package dev.weir.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The profile of the table of {@link CheckBench} as a person writes it by hand for DuckDB, who
 * knows the table: which columns have few values, and that no number is infinite.
 */
final class HandProfile {
    private static final List<String> NUMBERS =
            List.of(
                    "id", "user_id", "qty", "age", "score", "price", "f_sqrt", "f_exp", "f_unit",
                    "net", "gross");
    private static final List<String> MOMENTS = List.of("day", "moment");
    private static final List<String> TEXTS =
            List.of("email", "sku", "country", "plan", "note", "ref");
    private static final List<String> FEW = List.of("qty", "age", "flag", "sku", "country", "plan");
    private static final List<String> COUNTABLE =
            List.of("qty", "age", "score", "flag", "day", "sku", "country", "plan");
    private static final List<String> KEYS = List.of("id", "ref");
    private static final long ALL_EXACT_ROWS = 1_000_000;
    private static final long KEY_ROWS = 20_000_000;
    private static final long PICKED_ROWS = 100_000;

    private HandProfile() {}

    /**
     * The answers that Weir's profile has: of each column values and distinct values (exact where
     * the rows or they are few, or so many that it may be a key), extremes, lengths, mean and
     * deviation, seven quantiles over a hundred thousand rows spread evenly, the hundred most
     * frequent values where these are few.
     */
    static void sameAnswers(Path table) throws SQLException {
        String from = " from '" + table + "'";
        try (Connection connection = open()) {
            List<String> all = basics();
            everyColumn().forEach(c -> all.add("approx_count_distinct(" + c + ")"));
            long rows = run(connection, "select " + String.join(", ", all) + from);
            List<String> counted = new ArrayList<>(COUNTABLE);
            if (rows <= ALL_EXACT_ROWS) {
                counted = everyColumn().toList();
            } else if (rows <= KEY_ROWS) {
                counted.addAll(KEYS);
            }
            List<String> exact = counted.stream().map(c -> "count(distinct " + c + ")").toList();
            run(connection, "select " + String.join(", ", exact) + from);
            List<String> quantiles =
                    NUMBERS.stream()
                            .map(
                                    c ->
                                            "quantile_disc("
                                                    + c
                                                    + ", [0.01, 0.05, 0.25, 0.5, 0.75, 0.95,"
                                                    + " 0.99])")
                            .toList();
            run(
                    connection,
                    "select "
                            + String.join(", ", quantiles)
                            + " from read_parquet('"
                            + table
                            + "', file_row_number = true) where (file_row_number * 2654435761)"
                            + " % 4294967296 < "
                            + (long) ((double) PICKED_ROWS / rows * (1L << 32)));
            for (String few : FEW) {
                run(
                        connection,
                        "select %1$s, count(*) as n%2$s group by %1$s order by n desc limit 100"
                                .formatted(few, from));
            }
        }
    }

    /** One query, all of whose answers fit into little memory: estimates where it has to. */
    static void sketches(Path table) throws SQLException {
        List<String> all = basics();
        everyColumn().forEach(c -> all.add("approx_count_distinct(" + c + ")"));
        TEXTS.forEach(c -> all.add("approx_top_k(" + c + ", 20)"));
        NUMBERS.forEach(
                c ->
                        all.add(
                                "approx_quantile("
                                        + c
                                        + ", [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])"));
        try (Connection connection = open()) {
            run(connection, "select " + String.join(", ", all) + " from '" + table + "'");
        }
    }

    private static List<String> basics() {
        List<String> basics = new ArrayList<>(List.of("count(*)"));
        everyColumn().forEach(c -> basics.add("count(" + c + ")"));
        Stream.concat(NUMBERS.stream(), MOMENTS.stream())
                .forEach(c -> basics.add("min(%1$s), max(%1$s)".formatted(c)));
        NUMBERS.forEach(
                c ->
                        basics.add(
                                "avg(%1$s), stddev_samp(%1$s)"
                                        .formatted("cast(" + c + " as double)")));
        TEXTS.forEach(
                c -> basics.add("min(%1$s), max(%1$s), avg(%1$s)".formatted("length(" + c + ")")));
        return basics;
    }

    private static Stream<String> everyColumn() {
        return Stream.of(NUMBERS, MOMENTS, TEXTS, List.of("flag")).flatMap(List::stream);
    }

    private static Connection open() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("set threads = " + Runtime.getRuntime().availableProcessors());
        }
        return connection;
    }

    /** Reads the whole answer; its first number. */
    private static long run(Connection connection, String sql) throws SQLException {
        long first = -1;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                Object value = rows.getObject(1);
                if (first < 0 && value instanceof Number number) {
                    first = number.longValue();
                }
            }
        }
        return first;
    }
}
