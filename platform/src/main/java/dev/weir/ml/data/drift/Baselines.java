package dev.weir.ml.data.drift;

import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Aggregates;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.matrix.SqlNumbers;
import dev.weir.ml.stats.drift.Baseline;
import dev.weir.ml.stats.drift.Binning;
import dev.weir.ml.stats.drift.ColumnBaseline;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes baselines of Parquet files. Of up to 100,000 rows every value is seen. Of more, a fixed
 * sample of one row of 2, 4, 8 … says where the bins and the quantiles are; what lies in the bins
 * is counted of all rows, by DuckDB, in one pass. Equal files give equal baselines.
 */
public final class Baselines {
    /** A text of more values than this names rows, or is prose; its distribution says nothing. */
    static final int MOST_VALUES = 100_000;

    /** How a file is named that keeps a baseline. */
    public static final String ENDING = ".baseline.json";

    private static final long MOST_ALL = 100_000;
    private static final long MOST_SEEN = 50_000;
    private static final long NUMBERS_AT_ONCE = 16_000_000;

    private final DuckDb duckDb;

    public Baselines(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * Reads a baseline that was kept as canonical JSON.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where the file is none
     */
    public static Baseline read(Path file) {
        try {
            return Baseline.of(JsonTree.read(Files.readAllBytes(file)));
        } catch (IOException | JacksonException e) {
            throw Problem.input(
                            "baseline.unreadable",
                            file.getFileName() + " (expected: a baseline, as JSON)")
                    .at(Place.of(file))
                    .hint("weir data baseline TABLE --out " + file.getFileName())
                    .exception(e);
        }
    }

    /** The baseline of a table, in bins of its own. */
    public Baseline take(Path parquet) {
        return counted(parquet, Map.of(), new ParquetFiles(duckDb).schema(parquet).columns());
    }

    /**
     * The baseline of a table in the bins of another, so that what counts give is exact.
     *
     * @param like columns that it does not have, or of another type, are left out
     */
    public Baseline like(Path parquet, Baseline like) {
        Map<String, Binning> bins = new HashMap<>();
        List<Column> columns = new ArrayList<>();
        for (Column column : new ParquetFiles(duckDb).schema(parquet).columns()) {
            Optional<ColumnBaseline> then = like.column(column.name());
            if (then.isPresent() && numeric(column) == (then.get().numbers() != null)) {
                bins.put(column.name(), then.get().bins());
                columns.add(column);
            }
        }
        return counted(parquet, bins, columns);
    }

    /** Whether its values are compared as numbers; days and moments are. */
    static boolean numeric(Column column) {
        return column.type() != ColumnType.VARCHAR && column.type() != ColumnType.BOOLEAN;
    }

    private Baseline counted(Path parquet, Map<String, Binning> bins, List<Column> columns) {
        long rows = new ParquetFiles(duckDb).rows(parquet);
        List<Column> numbers = columns.stream().filter(Baselines::numeric).toList();
        Map<String, ColumnBaseline> found = new HashMap<>(numbers(parquet, rows, numbers, bins));
        try (DuckDb.Session session = duckDb.open()) {
            for (Column column : columns) {
                if (!numeric(column)) {
                    found.put(
                            column.name(),
                            text(session, parquet, column.name(), bins.get(column.name())));
                }
            }
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
        return new Baseline(
                rows,
                columns.stream()
                        .flatMap(c -> Optional.ofNullable(found.get(c.name())).stream())
                        .toList());
    }

    /**
     * The baselines of columns of numbers.
     *
     * @param bins by column; of a column that has none, of its own
     */
    Map<String, ColumnBaseline> numbers(
            Path parquet, long rows, List<Column> columns, Map<String, Binning> bins) {
        int thinned = 0;
        while (rows > MOST_ALL && rows >> thinned > MOST_SEEN) {
            thinned++;
        }
        int atOnce = (int) Math.max(1, NUMBERS_AT_ONCE / Math.max(1, rows >> thinned));
        Map<String, ColumnBaseline> found = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i += atOnce) {
            List<Column> some = columns.subList(i, Math.min(columns.size(), i + atOnce));
            (thinned == 0 ? seen(parquet, some, bins) : counted(parquet, rows, some, bins, thinned))
                    .forEach(b -> found.put(b.column(), b));
        }
        return found;
    }

    private List<ColumnBaseline> seen(
            Path parquet, List<Column> columns, Map<String, Binning> bins) {
        List<ColumnBaseline> seen = new ArrayList<>();
        for (ColumnData.Doubles column : sample(parquet, columns, 0)) {
            Binning theirs = bins.get(column.name());
            seen.add(
                    theirs == null
                            ? ColumnBaseline.ofNumbers(column.name(), column.values())
                            : ColumnBaseline.ofNumbers(column.name(), column.values(), theirs));
        }
        return seen;
    }

    private List<ColumnData.Doubles> sample(Path parquet, List<Column> columns, int thinned) {
        return new ColumnFiles(duckDb)
                .doubles(parquet, columns.stream().map(Column::name).toList(), thinned);
    }

    /** A sample is seen, first where bins are to be chosen by it, and all rows are counted. */
    private List<ColumnBaseline> counted(
            Path parquet, long rows, List<Column> columns, Map<String, Binning> bins, int thinned) {
        boolean known = columns.stream().allMatch(c -> bins.containsKey(c.name()));
        List<double[]> sorted = new ArrayList<>();
        if (!known) {
            sample(parquet, columns, thinned)
                    .forEach(s -> sorted.add(Binning.sortedFinite(s.values())));
        }
        String table = DuckDb.parquet(parquet, false);
        try (DuckDb.Session session = duckDb.open()) {
            Aggregates ask = new Aggregates();
            List<ColumnTally> tallies = new ArrayList<>();
            for (int c = 0; c < columns.size(); c++) {
                Binning theirs = bins.get(columns.get(c).name());
                tallies.add(
                        new ColumnTally(
                                columns.get(c),
                                theirs == null ? Binning.ofNumbers(sorted.get(c)) : theirs,
                                ask));
            }
            if (known) {
                sorted.addAll(countAndSample(session, parquet, columns, ask, thinned));
            } else {
                ask.run(session, table);
            }
            Aggregates more = new Aggregates();
            tallies.forEach(tally -> tally.askMore(ask, more));
            more.run(session, table);
            List<ColumnBaseline> all = new ArrayList<>();
            for (int c = 0; c < columns.size(); c++) {
                ColumnBaseline.Numbers seen =
                        ColumnBaseline.Numbers.of(sorted.get(c)).thinned(thinned);
                all.add(tallies.get(c).baseline(rows, seen, ask, more));
            }
            return all;
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    /** Both in one pass: the rows of the sample are one value beside the counts. */
    private static List<double[]> countAndSample(
            DuckDb.Session session, Path parquet, List<Column> columns, Aggregates ask, int thinned)
            throws SQLException {
        List<String> fields = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            fields.add("c" + c + " := " + SqlNumbers.asDouble(columns.get(c)));
            values.add("row.c" + c);
        }
        ask.keep(
                session,
                "counted",
                "list(struct_pack(%s)) filter (where %s)"
                        .formatted(String.join(", ", fields), ColumnFiles.picked(thinned)),
                DuckDb.parquet(parquet, true));
        return ColumnFiles.doubles(
                        session, "(select unnest(more) as row from counted)", values, values)
                .stream()
                .map(s -> Binning.sortedFinite(s.values()))
                .toList();
    }

    /** How many rows have each text; empty where there are too many different ones. */
    record Texts(Optional<Map<String, Long>> byValue, long missing, long rows) {}

    Texts texts(DuckDb.Session session, Path parquet, String name) throws SQLException {
        Map<String, Long> byValue = new HashMap<>();
        long[] missing = {0};
        session.each(
                "select cast(%s as varchar) as value, count(*) from %s group by value limit %d"
                        .formatted(
                                DuckDb.name(name), DuckDb.parquet(parquet, false), MOST_VALUES + 2),
                row -> {
                    String value = row.getString(1);
                    if (value == null) {
                        missing[0] = row.getLong(2);
                    } else {
                        byValue.put(value, row.getLong(2));
                    }
                });
        if (byValue.size() <= MOST_VALUES) {
            long values = byValue.values().stream().mapToLong(Long::longValue).sum();
            return new Texts(Optional.of(byValue), missing[0], values + missing[0]);
        }
        Aggregates ask = new Aggregates();
        int all = ask.add("count(*)");
        int values = ask.add("count(" + DuckDb.name(name) + ")");
        ask.run(session, DuckDb.parquet(parquet, false));
        return new Texts(Optional.empty(), ask.whole(all) - ask.whole(values), ask.whole(all));
    }

    private ColumnBaseline text(
            DuckDb.Session session, Path parquet, String name, @Nullable Binning bins)
            throws SQLException {
        Texts texts = texts(session, parquet, name);
        if (bins instanceof Binning.Categories categories) {
            return texts.byValue.isPresent()
                    ? ColumnBaseline.ofCategories(
                            name, texts.byValue.get(), texts.missing, categories)
                    : of(session, parquet, name, texts, categories);
        }
        return bins instanceof Binning.None || texts.byValue.isEmpty()
                ? ColumnBaseline.ofMissing(name, texts.rows, texts.missing)
                : ColumnBaseline.ofCategories(name, texts.byValue.get(), texts.missing);
    }

    /** Of a text of too many values now, those that were known. */
    private static ColumnBaseline of(
            DuckDb.Session session,
            Path parquet,
            String name,
            Texts texts,
            Binning.Categories categories)
            throws SQLException {
        Map<String, Long> known = new HashMap<>();
        String names =
                categories.names().stream().map(DuckDb::text).collect(Collectors.joining(", "));
        session.each(
                "select cast(%s as varchar) as value, count(*) from %s where value in (%s) group by value"
                        .formatted(
                                DuckDb.name(name),
                                DuckDb.parquet(parquet, false),
                                names.isEmpty() ? "null" : names),
                row -> known.put(row.getString(1), row.getLong(2)));
        long[] counts = categories.counts(known);
        counts[counts.length - 1] += texts.rows - texts.missing - Arrays.stream(counts).sum();
        return new ColumnBaseline(name, texts.rows, texts.missing, 0, categories, counts, 0, null);
    }
}
