package dev.weir.ml.data.check;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Bound;
import dev.weir.ml.data.expect.Expectation.NotNull;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * What the footers of a Parquet file say of whole columns: how much is missing, the smallest and
 * the largest value. They prove some checks without a look at a row. What a footer leaves out, or
 * says of texts (which it may cut), proves nothing.
 */
final class Footers {
    /** A dictionary whose indices take at most two bytes has at most 65,536 values. */
    private static final double DICTIONARY_BYTES = 2.5;

    private record Chunks(
            long nulls, boolean few, @Nullable BigDecimal min, @Nullable BigDecimal max) {}

    private final Map<String, Chunks> columns = new HashMap<>();
    private final long rows;

    private Footers(long rows) {
        this.rows = rows;
    }

    static Footers none() {
        return new Footers(0);
    }

    static Footers of(DuckDb.Session session, Path file, Schema schema, long rows)
            throws SQLException {
        Footers footers = new Footers(rows);
        session.each(
                "select path_in_schema, case when count(stats_null_count) = count(*) then"
                    + " sum(stats_null_count)::bigint end, sum(total_uncompressed_size) /"
                    + " nullif(sum(num_values), 0), bool_and(encodings like '%DICTIONARY%'), case"
                    + " when count(stats_min_value) = count(*) then list(stats_min_value) end, case"
                    + " when count(stats_max_value) = count(*) then list(stats_max_value) end from"
                    + " parquet_metadata("
                        + DuckDb.text(file.toAbsolutePath().toString())
                        + ") group by all",
                row -> {
                    Column column = schema.column(row.getString(1)).orElse(null);
                    if (column == null) {
                        return;
                    }
                    long nulls = row.getLong(2);
                    boolean known = !row.wasNull();
                    boolean few = row.getDouble(3) <= DICTIONARY_BYTES && row.getBoolean(4);
                    boolean numeric = column.type().numeric();
                    footers.columns.put(
                            column.name(),
                            new Chunks(
                                    known ? nulls : -1,
                                    few,
                                    numeric ? extreme(row.getArray(5), false) : null,
                                    numeric ? extreme(row.getArray(6), true) : null));
                });
        return footers;
    }

    /** The smallest or largest of numbers; null where one of them is none. */
    private static @Nullable BigDecimal extreme(java.sql.@Nullable Array texts, boolean largest)
            throws SQLException {
        if (texts == null) {
            return null;
        }
        BigDecimal extreme = null;
        try {
            for (Object text : (Object[]) texts.getArray()) {
                BigDecimal one = new BigDecimal(String.valueOf(text));
                extreme = extreme == null ? one : largest ? one.max(extreme) : one.min(extreme);
            }
        } catch (NumberFormatException notFinite) {
            return null;
        }
        return extreme;
    }

    /** Whether the column surely has few different values for its rows. */
    boolean few(@Nullable String column) {
        Chunks chunks = column == null ? null : columns.get(column);
        return chunks != null && chunks.few;
    }

    /** Sets what a check looks at, where that is known; it must be about all rows. */
    boolean look(Counting counting) {
        String column = counting.expectation.column();
        Chunks chunks = column == null ? null : columns.get(column);
        if (!counting.where.equals("true") || chunks == null || chunks.nulls < 0) {
            return false;
        }
        boolean all = counting.expectation.check() instanceof NotNull;
        counting.evaluatedRows = all ? rows : rows - chunks.nulls;
        counting.missingRows = all ? 0 : chunks.nulls;
        return true;
    }

    /** Sets how many rows break a check, where that is proven; after {@link #look}. */
    boolean answer(Counting counting) {
        Expectation expectation = counting.expectation;
        Chunks chunks = columns.get(String.valueOf(expectation.column()));
        if (chunks == null) {
            return false;
        }
        if (expectation.check() instanceof NotNull) {
            counting.violations = chunks.nulls;
            return true;
        }
        if (counting.evaluatedRows == 0
                || expectation.check() instanceof Bound bound && kept(bound, chunks)) {
            counting.violations = 0;
            return !(expectation.check() instanceof Expectation.Reference);
        }
        return false;
    }

    private static boolean kept(Bound bound, Chunks chunks) {
        BigDecimal min = chunks.min;
        BigDecimal max = chunks.max;
        if (!bound.value().isNumber() || min == null || max == null) {
            return false;
        }
        BigDecimal value = new BigDecimal(bound.value().asString());
        return switch (bound.side()) {
            case MIN -> min.compareTo(value) >= 0;
            case EXCLUSIVE_MIN -> min.compareTo(value) > 0;
            case MAX -> max.compareTo(value) <= 0;
            case EXCLUSIVE_MAX -> max.compareTo(value) < 0;
        };
    }
}
