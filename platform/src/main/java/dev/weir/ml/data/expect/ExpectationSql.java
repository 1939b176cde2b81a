package dev.weir.ml.data.expect;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.expect.Expectation.Bound;
import dev.weir.ml.data.expect.Expectation.Expr;
import dev.weir.ml.data.expect.Expectation.Finite;
import dev.weir.ml.data.expect.Expectation.Length;
import dev.weir.ml.data.expect.Expectation.Membership;
import dev.weir.ml.data.expect.Expectation.NotNull;
import dev.weir.ml.data.expect.Expectation.Regex;
import dev.weir.ml.data.expect.Expectation.RowCheck;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A check of rows as SQL. One place has a line for each kind of check; a new kind is one line more.
 *
 * @param counted has a value for the rows that the check is about, else none
 * @param broken true for the rows that break it
 * @param shown the value to show of such a row
 * @param breaks what such a row does, for a message: {@code are not >= 0}
 */
record ExpectationSql(String counted, String broken, String shown, String breaks) {
    static ExpectationSql of(RowCheck check, @Nullable Column column) {
        String name = column == null ? "null" : DuckDb.name(column.name());
        String text = "cast(" + name + " as varchar)";
        return switch (check) {
            case NotNull ignored ->
                    new ExpectationSql("*", name + " is null", "null", "are missing");
            case Bound bound -> {
                String test = bound.side().operator() + " " + literal(bound.value(), column);
                boolean nan = column != null && column.type() == ColumnType.DOUBLE;
                yield new ExpectationSql(
                        name,
                        "not ("
                                + name
                                + " "
                                + test
                                + ")"
                                + (nan ? " and not isnan(" + name + ")" : ""),
                        text,
                        "are not " + bound.side().operator() + " " + bound.value().asString());
            }
            case Membership set ->
                    new ExpectationSql(
                            name,
                            name
                                    + (set.inside() ? " not in " : " in ")
                                    + list(set.values(), column),
                            text,
                            (set.inside() ? "are not in " : "are in ") + brief(set.values()));
            case Regex regex ->
                    new ExpectationSql(
                            name,
                            "not regexp_matches("
                                    + text
                                    + ", "
                                    + DuckDb.text(regex.pattern())
                                    + ")",
                            text,
                            "break regex " + regex.pattern());
            case Length length ->
                    new ExpectationSql(
                            name,
                            between("length(" + text + ")", length),
                            text,
                            "have a length outside " + range(length.min(), length.max()));
            case Finite ignored ->
                    new ExpectationSql(
                            name,
                            "not isfinite(cast(" + name + " as double))",
                            text,
                            "are not finite");
            case Expr expr ->
                    new ExpectationSql(
                            "(" + expr.sql() + "\n)",
                            "not (" + expr.sql() + "\n)",
                            "null",
                            "break " + expr.sql());
        };
    }

    private static String between(String length, Length bounds) {
        String low = bounds.min() == null ? "false" : length + " < " + bounds.min();
        String high = bounds.max() == null ? "false" : length + " > " + bounds.max();
        return "(" + low + " or " + high + ")";
    }

    /** {@code 1 to 254}, {@code at least 1}, {@code at most 254}. */
    static String range(@Nullable Long min, @Nullable Long max) {
        if (min == null) {
            return max == null ? "any" : "at most " + max;
        }
        return max == null ? "at least " + min : min + " to " + max;
    }

    private static String brief(List<JsonNode> values) {
        String first =
                values.stream().limit(5).map(JsonNode::asString).collect(Collectors.joining(", "));
        return values.size() <= 5
                ? "[" + first + "]"
                : "[" + first + ", and " + (values.size() - 5) + " more]";
    }

    private static String list(List<JsonNode> values, @Nullable Column column) {
        return values.stream()
                .map(v -> literal(v, column))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** A value of the suite, as a value of the column's type. */
    private static String literal(JsonNode value, @Nullable Column column) {
        ColumnType type = column == null ? ColumnType.VARCHAR : column.type();
        String text = value.asString();
        return switch (type) {
            case VARCHAR -> DuckDb.text(text);
            case BOOLEAN -> "cast(" + DuckDb.text(text) + " as boolean)";
            case DATE, TIMESTAMP -> "cast(" + DuckDb.text(text) + " as timestamp)";
            case BIGINT -> wholeOrReal(text);
            case DOUBLE -> "cast(" + DuckDb.text(text) + " as double)";
            case DECIMAL -> number(text);
        };
    }

    private static String wholeOrReal(String text) {
        String number = number(text);
        return number.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))
                ? number
                : "cast('" + number + "' as double)";
    }

    private static String number(String text) {
        try {
            BigDecimal number = new BigDecimal(text.strip());
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no number", e);
        }
    }
}
