package dev.weir.ml.data.check;

import dev.weir.ml.data.Aggregates;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Delta;
import dev.weir.ml.data.expect.Expectation.Freshness;
import dev.weir.ml.data.expect.Expectation.Measured;
import dev.weir.ml.data.expect.Expectation.Statistic;
import dev.weir.ml.data.expect.ExpectationReport.Result;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Checks of figures: bounds, change against the accepted version, the age of the newest row. */
final class Figures {
    /** The view of the last accepted version. */
    static final String ACCEPTED = "weir_accepted";

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private final DuckDb.Session session;
    private final Schema schema;
    private final Comparison comparison;

    Figures(DuckDb.Session session, Schema schema, Comparison comparison) {
        this.session = session;
        this.schema = schema;
        this.comparison = comparison;
    }

    /** A figure, and of how many values. Empty: undefined. */
    private record Found(Optional<BigDecimal> value, long values) {}

    Result statistic(Expectation expectation, Statistic statistic, String where)
            throws SQLException {
        Measured measured = statistic.measured();
        Found found = found(measured, where, "dataset");
        Optional<Result> undefined = undefined(expectation, measured, found);
        if (undefined.isPresent()) {
            return undefined.get();
        }
        BigDecimal value = found.value.orElseThrow();
        Double min = statistic.min();
        Double max = statistic.max();
        boolean kept =
                (min == null || value.compareTo(BigDecimal.valueOf(min)) >= 0)
                        && (max == null || value.compareTo(BigDecimal.valueOf(max)) <= 0);
        return Results.figure(
                expectation,
                kept,
                found.values,
                value.doubleValue(),
                measured.word() + " " + (kept ? Results.figure(value) : told(value, min, max)),
                RowSql.range(min, max));
    }

    /** A value outside its bounds, with all its digits where it would look like one of them. */
    private static String told(BigDecimal value, @Nullable Double min, @Nullable Double max) {
        String brief = Results.figure(value);
        boolean bound =
                (min != null && brief.equals(Results.figure(min)))
                        || (max != null && brief.equals(Results.figure(max)));
        return bound ? value.toPlainString() : brief;
    }

    Result delta(Expectation expectation, Delta delta, String where) throws SQLException {
        Measured measured = delta.measured();
        if (comparison.accepted() == null) {
            return Results.skipped(expectation, "there is no accepted version to compare with");
        }
        Found found = found(measured, where, "dataset");
        Optional<Result> undefined = undefined(expectation, measured, found);
        if (undefined.isPresent()) {
            return undefined.get();
        }
        Found before = found(measured, where, ACCEPTED);
        if (before.value.isEmpty()) {
            return Results.skipped(
                    expectation, measured.word() + " of the accepted version is undefined");
        }
        double now = found.value.orElseThrow().doubleValue();
        double then = before.value.orElseThrow().doubleValue();
        double change = now == then ? 0 : Math.abs(now - then) / Math.abs(then);
        boolean kept = change <= delta.max() * (1 + 1e-12);
        return Results.figure(
                expectation,
                kept,
                found.values,
                now,
                "%s %s, %s before"
                        .formatted(measured.word(), Results.figure(now), Results.figure(then)),
                "a change of at most " + percent(delta.max()));
    }

    private static String percent(double share) {
        return Results.figure(share * 100) + "%";
    }

    private static Optional<Result> undefined(
            Expectation expectation, Measured measured, Found found) {
        if (found.value.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                found.values < 2
                        ? Results.skipped(
                                expectation,
                                measured.word() + " of " + found.values + " values is undefined")
                        : Results.error(
                                expectation,
                                measured.word()
                                        + " of "
                                        + found.values
                                        + " values is undefined: they do not vary, or are too"
                                        + " large"));
    }

    private Found found(Measured measured, String where, String from) throws SQLException {
        List<String> values = measured.columns().stream().map(c -> value(c, where)).toList();
        String first = values.isEmpty() ? "" : values.getFirst();
        String all = String.join(", ", values);
        String figure =
                switch (measured.figure()) {
                    case ROW_COUNT -> "count(case when " + where + " then 1 end)";
                    case MEAN -> "avg(" + first + ")";
                    case STD -> "stddev_samp(" + first + ")";
                    case MEDIAN -> "quantile_cont(" + first + ", 0.5)";
                    case QUANTILE -> "quantile_cont(" + first + ", " + measured.share() + ")";
                    case SUM -> "sum(" + first + ")";
                    case DISTINCT_COUNT -> "count(distinct " + first + ")";
                    case UNIQUE_FRACTION ->
                            "count(distinct " + first + ") / nullif(count(" + first + "), 0)";
                    case CORRELATION -> "corr(" + all + ")";
                };
        String count =
                switch (values.size()) {
                    case 0 -> figure;
                    case 1 -> "count(" + first + ")";
                    default -> "count(" + first + " + " + values.getLast() + ")";
                };
        Aggregates ask = new Aggregates();
        int counted = ask.add(count);
        int asked = ask.add(figure);
        ask.run(session, from);
        Optional<BigDecimal> value;
        try {
            value = Optional.of(new BigDecimal(ask.text(asked)));
        } catch (NumberFormatException nullOrNotFinite) {
            value = Optional.empty();
        }
        long rows = ask.whole(counted);
        return new Found(rows == 0 && !values.isEmpty() ? Optional.empty() : value, rows);
    }

    /** A column's value where it is finite and the row is meant; else null. */
    private String value(String name, String where) {
        Optional<Column> column = schema.column(name);
        String value = DuckDb.name(name);
        if (column.isPresent() && column.get().type() == ColumnType.BOOLEAN) {
            value = "cast(" + value + " as integer)";
        }
        boolean real = column.isPresent() && column.get().type() == ColumnType.DOUBLE;
        if (where.equals("true") && !real) {
            return value;
        }
        String condition =
                real && where.equals("true")
                        ? "isfinite(" + value + ")"
                        : real ? where + " and isfinite(" + value + ")" : where;
        return "case when " + condition + " then " + value + " end";
    }

    Result freshness(Expectation expectation, Freshness freshness, String where)
            throws SQLException {
        Instant now = comparison.now();
        if (now == null) {
            return Results.skipped(expectation, "no clock at hand");
        }
        Column column = schema.required(freshness.column());
        if (!column.type().temporal()) {
            return Results.error(
                    expectation,
                    column.name() + " is " + column.declared() + " (expected: dates or moments)");
        }
        String value = value(column.name(), where);
        Aggregates ask = new Aggregates();
        int newest = ask.add("epoch_us(cast(max(" + value + ") as timestamp))");
        int counted = ask.add("count(" + value + ")");
        ask.run(session, "dataset");
        if (ask.whole(counted) == 0) {
            return Results.skipped(expectation, column.name() + " has no value");
        }
        Instant moment = Instant.EPOCH.plus(ask.whole(newest), ChronoUnit.MICROS);
        Duration age = Duration.between(moment, now);
        return Results.figure(
                expectation,
                age.compareTo(freshness.maxAge()) <= 0,
                ask.whole(counted),
                age.toMillis() / 1000.0,
                String.format(
                        Locale.ROOT,
                        "newest %s is of %s UTC, %s old",
                        column.name(),
                        SECONDS.format(LocalDateTime.ofInstant(moment, ZoneOffset.UTC)),
                        Results.words(age)),
                "at most " + Results.words(freshness.maxAge()));
    }
}
