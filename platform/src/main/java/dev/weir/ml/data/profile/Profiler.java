package dev.weir.ml.data.profile;

import dev.weir.ml.data.Aggregates;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.profile.Profile.ColumnProfile;
import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.data.profile.Profile.Lengths;
import dev.weir.ml.data.profile.Profile.Numbers;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Takes the profile of a Parquet file. Floating-point sums depend on their order, so each engine
 * has one thread; a large table is dealt out by columns to as many engines as there may be threads.
 */
public final class Profiler {
    private static final long VALUES_FOR_ONE_ENGINE = 4_000_000;
    private static final long EXACT_QUANTILE_ROWS = 200_000;
    private static final long SAMPLE_ROWS = 100_000;
    private static final long EXACT_DISTINCT_ROWS = 1_000_000;
    private static final long EXACT_DISTINCT = 50_000;
    private static final long KEY_ROWS = 20_000_000;
    private static final double KEY_SHARE = 0.8;
    private static final long TOP_DISTINCT = 1_000;
    private static final int TOP = 100;

    /** Twice what an engine takes to count the different values of a column, however few. */
    private static final long BYTES_OF_A_COLUMN = 8L << 20;

    private final DuckDb duckDb;

    public Profiler(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * The profile: a pass over each column for what costs little, one over those whose values are
     * counted exactly, one over the rows that quantiles are taken from, and one over each column of
     * few values.
     */
    public Profile profile(Path parquet) {
        ParquetFiles files = new ParquetFiles(duckDb);
        Schema schema = files.schema(parquet);
        long rows = files.rows(parquet);
        int engines = rows * schema.columns().size() > VALUES_FOR_ONE_ENGINE ? duckDb.threads() : 1;
        List<Callable<List<ColumnProfile>>> parts = new ArrayList<>();
        for (int e = 0; e < engines; e++) {
            List<Column> share = new ArrayList<>();
            for (int c = e; c < schema.columns().size(); c += engines) {
                share.add(schema.columns().get(c));
            }
            DuckDb engine = duckDb.share(engines);
            parts.add(() -> new Pass(parquet, rows, share).profiles(engine));
        }
        List<ColumnProfile> found = sideBySide(parts).stream().flatMap(Collection::stream).toList();
        List<ColumnProfile> ordered = new ArrayList<>();
        for (Column column : schema.columns()) {
            found.stream().filter(p -> p.column().equals(column)).forEach(ordered::add);
        }
        return new Profile(rows, ordered);
    }

    private static <T> List<T> sideBySide(List<Callable<T>> parts) {
        try (ExecutorService executor = Executors.newFixedThreadPool(parts.size())) {
            List<Future<T>> futures = parts.stream().map(executor::submit).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("profile interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw DuckDb.failed(sql);
            }
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** What is known of one column while its profile is taken. */
    private static final class Draft {
        final Column column;
        final String name;
        int values = -1;
        int distinct = -1;
        int min = -1;
        int max = -1;
        int shortest = -1;
        int longest = -1;
        int characters = -1;
        int mean = -1;
        int deviation = -1;
        int quantiles = -1;
        int nan = -1;
        int infinite = -1;
        int counted = -1;

        Draft(Column column) {
            this.column = column;
            this.name = DuckDb.name(column.name());
        }
    }

    /** The columns of one engine. */
    private record Pass(Path parquet, long rows, List<Column> columns) {
        List<ColumnProfile> profiles(DuckDb duckDb) throws SQLException {
            List<ColumnProfile> profiles = new ArrayList<>();
            int atOnce = (int) Math.max(1, duckDb.memoryBytes() / BYTES_OF_A_COLUMN);
            for (int c = 0; c < columns.size(); c += atOnce) {
                List<Column> some = columns.subList(c, Math.min(columns.size(), c + atOnce));
                profiles.addAll(new Pass(parquet, rows, some).together(duckDb));
            }
            return profiles;
        }

        private List<ColumnProfile> together(DuckDb duckDb) throws SQLException {
            List<Draft> drafts = columns.stream().map(Draft::new).toList();
            Aggregates first = new Aggregates();
            Aggregates second = new Aggregates();
            Aggregates quantiles = new Aggregates();
            List<ColumnProfile> profiles = new ArrayList<>();
            try (DuckDb.Session session = duckDb.open()) {
                drafts.forEach(d -> askFirst(d, first));
                first.run(session, DuckDb.parquet(parquet, false));
                drafts.forEach(d -> askSecond(d, first, second, quantiles));
                second.run(session, DuckDb.parquet(parquet, false));
                quantiles.run(session, picked());
                for (Draft draft : drafts) {
                    profiles.add(profile(session, draft, first, second, quantiles));
                }
            }
            return profiles;
        }

        /**
         * The rows that quantiles are taken from: all, or of many those picked by a multiplicative
         * hash of the row number (Knuth, The Art of Computer Programming 6.4), which spreads evenly
         * and has no short period.
         */
        private String picked() {
            if (rows <= EXACT_QUANTILE_ROWS) {
                return DuckDb.parquet(parquet, false);
            }
            long threshold = (long) ((double) SAMPLE_ROWS / rows * (1L << 32));
            return DuckDb.parquet(parquet, true)
                    + " where (file_row_number * 2654435761) % 4294967296 < "
                    + threshold;
        }

        private void askFirst(Draft d, Aggregates ask) {
            d.values = ask.add("count(" + d.name + ")");
            d.distinct = ask.add("approx_count_distinct(" + d.name + ")");
            switch (d.column.type()) {
                case BIGINT, DOUBLE -> {
                    d.min = ask.add("min(" + d.name + ")");
                    d.max = ask.add("max(" + d.name + ")");
                }
                case DECIMAL -> {
                    d.min = ask.add("cast(min(" + d.name + ") as double)");
                    d.max = ask.add("cast(max(" + d.name + ") as double)");
                }
                case DATE, TIMESTAMP -> {
                    d.min = ask.add("cast(min(" + d.name + ") as varchar)");
                    d.max = ask.add("cast(max(" + d.name + ") as varchar)");
                }
                case VARCHAR -> {
                    String length = "length(cast(" + d.name + " as varchar))";
                    d.shortest = ask.add("min(" + length + ")");
                    d.longest = ask.add("max(" + length + ")");
                    d.characters = ask.add("sum(" + length + ")");
                }
                case BOOLEAN -> {}
            }
            if (d.column.type().numeric()) {
                String number =
                        d.column.type() == ColumnType.DOUBLE
                                ? "case when isfinite("
                                        + d.name
                                        + ") then cast("
                                        + d.name
                                        + " as double) end"
                                : "cast(" + d.name + " as double)";
                d.mean = ask.add("avg(" + number + ")");
                d.deviation = ask.add("stddev_samp(" + number + ")");
            }
        }

        /** NaN is the largest number to DuckDB, so the extremes say whether all are finite. */
        private static boolean finite(Draft d, Aggregates first) {
            return Double.isFinite(first.real(d.min)) && Double.isFinite(first.real(d.max));
        }

        private void askSecond(Draft d, Aggregates first, Aggregates ask, Aggregates quantiles) {
            long values = first.whole(d.values);
            long estimate = first.whole(d.distinct);
            boolean key =
                    (d.column.type() == ColumnType.BIGINT || d.column.type() == ColumnType.VARCHAR)
                            && estimate >= values * KEY_SHARE
                            && rows <= KEY_ROWS;
            if (rows <= EXACT_DISTINCT_ROWS || estimate <= EXACT_DISTINCT || key) {
                d.counted = ask.add("count(distinct " + d.name + ")");
            }
            if (!d.column.type().numeric() || values == 0) {
                return;
            }
            String filter = "";
            if (d.column.type() == ColumnType.DOUBLE && !finite(d, first)) {
                filter = where("isfinite(" + d.name + ")");
                d.nan = ask.add("count(*)" + where("isnan(" + d.name + ")"));
                d.infinite = ask.add("count(*)" + where("isinf(" + d.name + ")"));
                d.min = ask.add("min(" + d.name + ")" + filter);
                d.max = ask.add("max(" + d.name + ")" + filter);
            }
            d.quantiles =
                    quantiles.add(
                            "quantile_disc(cast("
                                    + d.name
                                    + " as double), "
                                    + Profile.PROBABILITIES
                                    + "::double[])"
                                    + filter);
        }

        private static String where(String condition) {
            return " filter (where " + condition + ")";
        }

        private ColumnProfile profile(
                DuckDb.Session session,
                Draft d,
                Aggregates first,
                Aggregates second,
                Aggregates quantiles)
                throws SQLException {
            long values = first.whole(d.values);
            long distinct =
                    d.counted >= 0
                            ? second.whole(d.counted)
                            : Math.min(first.whole(d.distinct), values);
            Aggregates bounds = d.nan >= 0 ? second : first;
            boolean bounded = d.min >= 0 && values > 0 && !bounds.text(d.min).isEmpty();
            return new ColumnProfile(
                    d.column,
                    rows - values,
                    distinct,
                    d.counted >= 0,
                    bounded ? bounds.text(d.min) : null,
                    bounded ? bounds.text(d.max) : null,
                    numbers(d, first, second, quantiles),
                    d.shortest >= 0 && values > 0
                            ? new Lengths(
                                    first.whole(d.shortest),
                                    first.whole(d.longest),
                                    first.real(d.characters) / values)
                            : null,
                    distinct <= TOP_DISTINCT ? top(session, d) : List.of());
        }

        private @Nullable Numbers numbers(
                Draft d, Aggregates first, Aggregates second, Aggregates quantiles)
                throws SQLException {
            if (d.mean < 0 || Double.isNaN(first.real(d.mean))) {
                return null;
            }
            double deviation = first.real(d.deviation);
            return new Numbers(
                    first.real(d.mean),
                    Double.isNaN(deviation) ? 0 : deviation,
                    quantiles.reals(d.quantiles),
                    rows <= EXACT_QUANTILE_ROWS,
                    d.nan < 0 ? 0 : second.whole(d.nan),
                    d.infinite < 0 ? 0 : second.whole(d.infinite));
        }

        private List<Count> top(DuckDb.Session session, Draft d) throws SQLException {
            List<Count> top = new ArrayList<>();
            session.each(
                    "select cast(v as varchar), n from (select "
                            + d.name
                            + " as v, count(*) as n from "
                            + DuckDb.parquet(parquet, false)
                            + " where "
                            + d.name
                            + " is not null group by all) order by n desc, v limit "
                            + TOP,
                    row -> top.add(new Count(row.getString(1), row.getLong(2))));
            return top;
        }
    }
}
