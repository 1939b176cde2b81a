package dev.weir.ml.data.expect;

import dev.weir.base.problem.Place;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.gate.Severity;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

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

    /** Values have a part that matches (RE2's syntax); anchor it with {@code ^} and {@code $}. */
    public record Regex(String pattern) implements RowCheck {
        @Override
        public String kind() {
            return "regex";
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
}
