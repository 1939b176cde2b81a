package dev.weir.ml.data.check;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.expect.Expectation.Bound;
import dev.weir.ml.data.expect.Expectation.Expr;
import dev.weir.ml.data.expect.Expectation.Finite;
import dev.weir.ml.data.expect.Expectation.Format;
import dev.weir.ml.data.expect.Expectation.FreshRange;
import dev.weir.ml.data.expect.Expectation.Increasing;
import dev.weir.ml.data.expect.Expectation.Length;
import dev.weir.ml.data.expect.Expectation.Membership;
import dev.weir.ml.data.expect.Expectation.NotNull;
import dev.weir.ml.data.expect.Expectation.Reference;
import dev.weir.ml.data.expect.Expectation.Regex;
import dev.weir.ml.data.expect.Expectation.RowCheck;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A check of rows as SQL. One place has a line for each kind of check; a new kind is one line more.
 *
 * @param counted has a value for the rows that the check is about, else none
 * @param broken true for the rows that break it
 * @param shown the value to show of such a row
 * @param breaks what such a row does, for a message: {@code are not >= 0}
 * @param distinct whether it is dear for each row, so that it is asked of each different value once
 *     where these are few
 */
record RowSql(String counted, String broken, String shown, String breaks, boolean distinct) {
    /** The column of the view {@code dataset} that numbers rows, from 1. */
    static final String ROW = "weir_row";

    private static final Map<String, String> FORMATS =
            Map.of(
                    "email", "^[^@\\s]+@[^@\\s.]+(\\.[^@\\s.]+)+$",
                    "uuid",
                            "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}"
                                    + "-[0-9a-fA-F]{12}$",
                    "url", "^[A-Za-z][A-Za-z0-9+.-]*://[^\\s/?#]+[^\\s]*$",
                    "ipv4", "^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\\.|$)){4}$");

    /**
     * @param where the rows that it is about; {@code true}: all
     * @throws IllegalArgumentException where the check does not fit the column
     */
    static RowSql of(RowCheck check, @Nullable Column column, String where, @Nullable Instant now) {
        String name = column == null ? "null" : DuckDb.name(column.name());
        String text = "cast(" + name + " as varchar)";
        return switch (check) {
            case NotNull ignored -> plain("*", name + " is null", "null", "are missing");
            case Bound bound -> bound(bound, name, column);
            case Membership set ->
                    plain(
                            name,
                            name
                                    + (set.inside() ? " not in " : " in ")
                                    + Literal.list(set.values(), column),
                            text,
                            (set.inside() ? "are not in " : "are in ") + brief(set.values()));
            case Regex regex ->
                    new RowSql(
                            name,
                            (regex.matching() ? "not " : "") + matches(text, regex.pattern()),
                            text,
                            (regex.matching() ? "break regex " : "match regex ") + regex.pattern(),
                            true);
            case Format format ->
                    new RowSql(
                            name,
                            "not " + written(format, text),
                            text,
                            "are no " + word(format),
                            true);
            case Length length ->
                    new RowSql(
                            name,
                            between("length(" + text + ")", length),
                            text,
                            "are not " + range(length.min(), length.max()) + " characters long",
                            true);
            case Finite ignored ->
                    plain(
                            name,
                            "not isfinite(cast(" + name + " as double))",
                            text,
                            "are not finite");
            case Increasing increasing -> increasing(increasing, name, text, where);
            case FreshRange range -> fresh(range, name, text, now);
            case Reference reference ->
                    plain(
                            name,
                            name
                                    + " not in (select "
                                    + DuckDb.name(reference.column())
                                    + " from "
                                    + DuckDb.name(reference.dataset())
                                    + " where "
                                    + DuckDb.name(reference.column())
                                    + " is not null)",
                            text,
                            "are not in " + reference.dataset() + "." + reference.column());
            case Expr expr ->
                    plain(
                            "(" + expr.sql() + "\n)",
                            "not (" + expr.sql() + "\n)",
                            "null",
                            "break " + expr.sql());
        };
    }

    static RowSql plain(String counted, String broken, String shown, String breaks) {
        return new RowSql(counted, broken, shown, breaks, false);
    }

    private static RowSql bound(Bound bound, String name, @Nullable Column column) {
        boolean number = column == null || column.type().numeric() || column.type().temporal();
        if (column != null && bound.value().isNumber() && !number) {
            throw new IllegalArgumentException(
                    "is " + column.declared() + " (expected: a column of numbers)");
        }
        String test = bound.side().operator() + " " + Literal.of(bound.value(), column);
        boolean nan = column != null && column.type() == ColumnType.DOUBLE;
        return plain(
                name,
                "not (" + name + " " + test + ")" + (nan ? " and not isnan(" + name + ")" : ""),
                "cast(" + name + " as varchar)",
                "are not " + bound.side().operator() + " " + bound.value().asString());
    }

    private static String matches(String text, String pattern) {
        return "regexp_matches(" + text + ", " + DuckDb.text(pattern) + ")";
    }

    private static String written(Format format, String text) {
        return switch (format.name()) {
            case "json" -> "json_valid(" + text + ")";
            case "date" ->
                    "(try_strptime("
                            + text
                            + ", "
                            + DuckDb.text(format.pattern())
                            + ") is not null"
                            + " or "
                            + text
                            + " is null)";
            default -> matches(text, FORMATS.getOrDefault(format.name(), "^$"));
        };
    }

    private static String word(Format format) {
        return format.name() + (format.pattern().isEmpty() ? "" : " " + format.pattern());
    }

    private static RowSql increasing(
            Increasing increasing, String name, String text, String where) {
        String before =
                "select "
                        + ROW
                        + ", "
                        + name
                        + " as v, lag("
                        + name
                        + ") over (order by "
                        + ROW
                        + ") as p from dataset where "
                        + (where.equals("true") ? "" : where + " and ")
                        + name
                        + " is not null";
        return plain(
                name,
                ROW
                        + " in (select "
                        + ROW
                        + " from ("
                        + before
                        + ") where v "
                        + (increasing.strictly() ? "<=" : "<")
                        + " p)",
                text,
                increasing.strictly()
                        ? "are not above the value before"
                        : "are below the value before");
    }

    private static RowSql fresh(FreshRange range, String name, String text, @Nullable Instant now) {
        Instant moment = now == null ? Instant.EPOCH : now;
        Duration age = range.maxAge();
        String late = name + " > " + Literal.of(moment.plus(range.maxAhead()));
        return plain(
                name,
                age == null
                        ? late
                        : "(" + late + " or " + name + " < " + Literal.of(moment.minus(age)) + ")",
                text,
                age == null
                        ? "lie in the future"
                        : "lie in the future or longer ago than " + Results.words(age));
    }

    private static String between(String length, Length bounds) {
        String low = bounds.min() == null ? "false" : length + " < " + bounds.min();
        String high = bounds.max() == null ? "false" : length + " > " + bounds.max();
        return "(" + low + " or " + high + ")";
    }

    /** {@code 1 to 254}, {@code at least 1}, {@code at most 254}. */
    static String range(@Nullable Number min, @Nullable Number max) {
        if (min == null) {
            return max == null ? "any" : "at most " + Results.figure(max);
        }
        return max == null
                ? "at least " + Results.figure(min)
                : Results.figure(min) + " to " + Results.figure(max);
    }

    private static String brief(List<JsonNode> values) {
        String first =
                values.stream().limit(5).map(JsonNode::asString).collect(Collectors.joining(", "));
        return values.size() <= 5
                ? "[" + first + "]"
                : "[" + first + ", and " + (values.size() - 5) + " more]";
    }
}
