package dev.weir.ml.data.expect;

import dev.weir.base.problem.Place;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.stats.drift.DriftLimits;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.List;

/**
 * One check of a dataset.
 *
 * @param id names the check in its suite: {@code age.min}
 * @param column the column that it is about; null for a rule or the table
 * @param check what is checked
 * @param severity what it means that it is not met
 * @param maxFraction the share of evaluated rows that may break it, 0 to 1
 * @param maxCount how many rows may break it; null: as many as {@code maxFraction} says
 * @param where the rows that it is about, as SQL; null: all
 * @param place where it stands
 */
public record Expectation(
        String id,
        @Nullable String column,
        Check check,
        Severity severity,
        double maxFraction,
        @Nullable Long maxCount,
        @Nullable String where,
        Place place) {

    /** What is checked. A missing value breaks {@link NotNull} and nothing else. */
    public sealed interface Check {
        /** The key of it in YAML: {@code exclusive_min}. */
        String kind();
    }

    /** Checks of single rows: each row keeps it or breaks it. */
    public sealed interface RowCheck extends Check {}

    /** The column has this type, see {@link ColumnType#of}. */
    public record Type(String declared) implements Check {
        @Override
        public String kind() {
            return "type";
        }
    }

    /** No value is missing. */
    public record NotNull() implements RowCheck {
        @Override
        public String kind() {
            return "not_null";
        }
    }

    /** No two rows are equal in these columns. */
    public record Unique(List<String> columns) implements Check {
        public Unique {
            columns = List.copyOf(columns);
        }

        @Override
        public String kind() {
            return "unique";
        }
    }

    /** On which side of a bound values lie. */
    public enum Side {
        /** At least. */
        MIN("min", ">="),
        /** At most. */
        MAX("max", "<="),
        /** Above. */
        EXCLUSIVE_MIN("exclusive_min", ">"),
        /** Below. */
        EXCLUSIVE_MAX("exclusive_max", "<");

        private final String key;
        private final String operator;

        Side(String key, String operator) {
            this.key = key;
            this.operator = operator;
        }

        /** As it stands in YAML. */
        public String key() {
            return key;
        }

        /** As it stands in SQL, between value and bound. */
        public String operator() {
            return operator;
        }
    }

    /**
     * Values lie on one side of a bound. NaN lies on no side: {@link Finite} is for that.
     *
     * @param value a number, or the text of a day, moment or text
     */
    public record Bound(Side side, JsonNode value) implements RowCheck {
        @Override
        public String kind() {
            return side.key();
        }
    }

    /**
     * Values are in a set, or are not.
     *
     * @param values scalars
     */
    public record Membership(boolean inside, List<JsonNode> values) implements RowCheck {
        public Membership {
            values = List.copyOf(values);
        }

        @Override
        public String kind() {
            return inside ? "in" : "not_in";
        }
    }

    /**
     * Values have a part that matches (RE2's syntax), or have none; anchor it with {@code ^} and
     * {@code $}.
     */
    public record Regex(boolean matching, String pattern) implements RowCheck {
        @Override
        public String kind() {
            return matching ? "regex" : "not_regex";
        }
    }

    /**
     * Texts are written in a form that has a name.
     *
     * @param name {@code email}, {@code uuid}, {@code url}, {@code json}, {@code ipv4} or {@code
     *     date}
     * @param pattern of a date, as strptime reads it ({@code %d.%m.%Y}); else empty
     */
    public record Format(String name, String pattern) implements RowCheck {
        /** The names, as a message lists them. */
        public static final List<String> NAMES =
                List.of("email", "uuid", "url", "json", "ipv4", "date");

        @Override
        public String kind() {
            return "format";
        }
    }

    /** Each value is at least the one before it, in the order of rows; or above it. */
    public record Increasing(boolean strictly) implements RowCheck {
        @Override
        public String kind() {
            return "increasing";
        }
    }

    /**
     * Moments lie around the moment of the check.
     *
     * @param maxAge how long ago at most; null: as long as one likes
     * @param maxAhead how far in the future at most
     */
    public record FreshRange(@Nullable Duration maxAge, Duration maxAhead) implements RowCheck {
        @Override
        public String kind() {
            return "fresh_range";
        }
    }

    /** Values stand in a column of another dataset. */
    public record Reference(String dataset, String column) implements RowCheck {
        @Override
        public String kind() {
            return "references";
        }
    }

    /** Texts have so many characters. */
    public record Length(@Nullable Long min, @Nullable Long max) implements RowCheck {
        @Override
        public String kind() {
            return "length";
        }
    }

    /** Numbers are neither NaN nor infinite. */
    public record Finite() implements RowCheck {
        @Override
        public String kind() {
            return "finite";
        }
    }

    /** An SQL expression over the columns of a row is true. */
    public record Expr(String sql) implements RowCheck {
        @Override
        public String kind() {
            return "expr";
        }
    }

    /** The table has so many rows. */
    public record RowCount(@Nullable Long min, @Nullable Long max) implements Check {
        @Override
        public String kind() {
            return "row_count";
        }
    }

    /** The table has no columns but these. */
    public record NoExtraColumns(List<String> known) implements Check {
        public NoExtraColumns {
            known = List.copyOf(known);
        }

        @Override
        public String kind() {
            return "extra_columns";
        }
    }

    /**
     * The table has the named columns.
     *
     * @param exact no others
     * @param ordered in this order; others may stand between them
     */
    public record Columns(List<String> names, boolean exact, boolean ordered) implements Check {
        public Columns {
            names = List.copyOf(names);
        }

        @Override
        public String kind() {
            return "columns";
        }
    }

    /** No two rows are equal in all columns; missing values are equal here. */
    public record DuplicateRows() implements Check {
        @Override
        public String kind() {
            return "duplicate_rows";
        }
    }

    /**
     * A query finds no row.
     *
     * @param query of the rows that break the rule, in the table {@code dataset} and in referenced
     *     datasets under their names; reads only
     * @param timeout a query that takes longer is ended, and the rule is an error
     */
    public record Sql(String query, Duration timeout) implements Check {
        @Override
        public String kind() {
            return "sql";
        }
    }

    /** The column's distribution has not moved from that of a baseline. */
    public record Drifted(DriftLimits limits) implements Check {
        @Override
        public String kind() {
            return "drift";
        }
    }

    /**
     * The columns of the table have not moved from those of a baseline.
     *
     * @param limits of all columns that have none of their own; null: they are not compared
     * @param maxFraction the share of compared columns that may have moved; columns without limits
     *     of their own only warn then; null: each column answers for itself
     */
    public record TableDrifted(@Nullable DriftLimits limits, @Nullable Double maxFraction)
            implements Check {
        @Override
        public String kind() {
            return "drift";
        }
    }

    /** A figure of a column, or of two. Missing, NaN and infinite values are left out. */
    public enum Figure {
        /** The number of rows. */
        ROW_COUNT("row_count"),
        /** The mean. */
        MEAN("mean"),
        /** The sample standard deviation (n - 1). */
        STD("std"),
        /** The value in the middle; between two, their mean. */
        MEDIAN("median"),
        /** The value below which a share of the values lies, interpolated (type 7). */
        QUANTILE("quantile"),
        /** The sum. */
        SUM("sum"),
        /** How many different values there are. */
        DISTINCT_COUNT("distinct_count"),
        /** Different values for each value, 0 to 1. */
        UNIQUE_FRACTION("unique_fraction"),
        /** Pearson's correlation of two columns, -1 to 1. */
        CORRELATION("correlation");

        private final String key;

        Figure(String key) {
            this.key = key;
        }

        /** As it stands in YAML. */
        public String key() {
            return key;
        }
    }

    /**
     * Which figure is meant.
     *
     * @param columns none of the table, two of a correlation, else one
     * @param share of a quantile, 0 to 1; else 0
     */
    public record Measured(Figure figure, List<String> columns, double share) {
        public Measured {
            columns = List.copyOf(columns);
        }

        /** {@code mean}, {@code quantile 0.9}. */
        public String word() {
            return figure == Figure.QUANTILE ? figure.key + " " + share : figure.key;
        }
    }

    /** A figure lies within bounds, which belong to it; null: no bound. */
    public record Statistic(Measured measured, @Nullable Double min, @Nullable Double max)
            implements Check {
        @Override
        public String kind() {
            return measured.figure.key;
        }
    }

    /**
     * A figure differs from that of the last accepted version by at most this share of it.
     *
     * @param max 0.5: at most half as much more or less
     */
    public record Delta(Measured measured, double max) implements Check {
        @Override
        public String kind() {
            return measured.figure == Figure.ROW_COUNT ? "row_delta" : "metric_delta";
        }
    }

    /** The newest moment of a column is at most this old. */
    public record Freshness(String column, Duration maxAge) implements Check {
        @Override
        public String kind() {
            return "freshness";
        }
    }

    /**
     * Whether the answer depends on more than the table: the clock, another dataset, the last
     * accepted version.
     */
    public boolean momentary() {
        return check instanceof FreshRange
                || check instanceof Freshness
                || check instanceof Delta
                || check instanceof Reference
                || check instanceof Drifted
                || check instanceof TableDrifted
                || check instanceof Sql;
    }
}
