package dev.weir.ml.data.check;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Columns;
import dev.weir.ml.data.expect.Expectation.NoExtraColumns;
import dev.weir.ml.data.expect.Expectation.RowCount;
import dev.weir.ml.data.expect.Expectation.Type;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationReport.Sample;
import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.gate.Verdict;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts what was counted into a verdict and a sentence. */
final class Results {
    private Results() {}

    static Result error(Expectation expectation, String reason) {
        return without(
                expectation,
                Verdict.ERROR,
                subject(expectation) + ": could not be evaluated: " + OffendingRows.cut(reason));
    }

    static Result skipped(Expectation expectation, String reason) {
        return without(expectation, Verdict.SKIPPED, subject(expectation) + ": skipped: " + reason);
    }

    private static Result without(Expectation expectation, Verdict verdict, String message) {
        return result(expectation, verdict, 0, 0, null, allowed(expectation), message);
    }

    /** A result with no row to show. */
    private static Result result(
            Expectation expectation,
            Verdict verdict,
            long evaluated,
            long violations,
            @Nullable Double measured,
            String allowed,
            String message) {
        return new Result(
                expectation.id(),
                expectation.column(),
                expectation.check().kind(),
                expectation.severity(),
                verdict,
                evaluated,
                0,
                violations,
                measured,
                allowed,
                message,
                List.of(),
                List.of(),
                null);
    }

    /**
     * Of a figure: kept or not.
     *
     * @param found what was found: {@code mean 38.58}
     * @param allowed what was expected: {@code 30 to 45}
     */
    static Result figure(
            Expectation expectation,
            boolean kept,
            long evaluated,
            double measured,
            String found,
            String allowed) {
        return result(
                expectation,
                kept ? Verdict.PASS : broken(expectation),
                evaluated,
                kept ? 0 : 1,
                measured,
                allowed,
                subject(expectation) + ": " + found + " (expected: " + allowed + ")");
    }

    static Result columns(Expectation expectation, Columns wanted, Schema schema) {
        List<String> names = schema.names();
        List<String> missing = wanted.names().stream().filter(n -> !names.contains(n)).toList();
        List<String> extra =
                wanted.exact()
                        ? names.stream().filter(n -> !wanted.names().contains(n)).toList()
                        : List.of();
        List<String> order = names.stream().filter(wanted.names()::contains).toList();
        List<String> here = wanted.names().stream().filter(names::contains).toList();
        boolean turned = wanted.ordered() && !order.equals(here);
        List<String> faults = new ArrayList<>();
        if (!missing.isEmpty()) {
            faults.add("missing columns " + String.join(", ", missing));
        }
        if (!extra.isEmpty()) {
            faults.add("extra columns " + String.join(", ", extra));
        }
        if (turned) {
            faults.add("order " + String.join(", ", order));
        }
        return whole(
                expectation,
                missing.size() + extra.size() + (turned ? 1 : 0),
                names.size(),
                faults.isEmpty()
                        ? "columns as expected"
                        : String.join("; ", faults)
                                + " (expected: "
                                + (wanted.exact() ? "exactly " : "")
                                + String.join(", ", wanted.names())
                                + ")");
    }

    static Result type(Expectation expectation, Type type, @Nullable Column column) {
        String name = String.valueOf(expectation.column());
        Column wanted = Column.of(name, type.declared());
        String found = column == null ? "no such column" : column.declared();
        boolean same = column != null && column.type() == wanted.type();
        return whole(
                expectation,
                same ? 0 : 1,
                1,
                name + ": " + found + (same ? "" : " (expected: " + wanted.declared() + ")"));
    }

    static Result rowCount(Expectation expectation, RowCount count, long rows) {
        Long min = count.min();
        Long max = count.max();
        boolean kept = (min == null || rows >= min) && (max == null || rows <= max);
        return whole(
                expectation,
                kept ? 0 : 1,
                1,
                number(rows)
                        + " rows"
                        + (kept ? "" : " (expected: " + RowSql.range(min, max) + ")"));
    }

    static Result extraColumns(Expectation expectation, NoExtraColumns known, Schema schema) {
        List<String> extra =
                schema.names().stream().filter(n -> !known.known().contains(n)).toList();
        return whole(
                expectation,
                extra.size(),
                schema.columns().size(),
                extra.isEmpty()
                        ? "no extra columns"
                        : "extra columns " + String.join(", ", extra) + " (expected: none)");
    }

    private static Result whole(
            Expectation expectation, long violations, long evaluated, String message) {
        return result(
                expectation,
                violations == 0 ? Verdict.PASS : broken(expectation),
                evaluated,
                violations,
                null,
                "0",
                message);
    }

    /** Whether so many violations are more than allowed. */
    static boolean exceeds(Expectation expectation, long violations, long evaluated) {
        Long most = expectation.maxCount();
        // a share such as 0.001 of 1000 rows is one row, whatever the last digit of the product
        double share = expectation.maxFraction() * evaluated * (1 + 1e-12);
        return violations > share || (most != null && violations > most);
    }

    static Verdict verdict(Expectation expectation, long violations, long evaluated) {
        if (evaluated == 0) {
            return Verdict.SKIPPED;
        }
        return exceeds(expectation, violations, evaluated) ? broken(expectation) : Verdict.PASS;
    }

    private static Verdict broken(Expectation expectation) {
        return expectation.severity() == Severity.WARN ? Verdict.WARN : Verdict.FAIL;
    }

    /**
     * {@code email: 100,118 of 10,000,000 rows (1.001%) break regex …, allowed 0; e.g. row 17 "x"}.
     */
    static String message(Counting counting, List<Count> top, List<Sample> samples) {
        return counted(
                counting.expectation,
                counting.violations,
                counting.evaluatedRows,
                counting.sql.breaks(),
                top,
                samples);
    }

    static String counted(
            Expectation expectation,
            long violations,
            long evaluated,
            String breaks,
            List<Count> top,
            List<Sample> samples) {
        if (evaluated == 0 && violations == 0) {
            return subject(expectation) + ": no row to check";
        }
        StringBuilder message = new StringBuilder(subject(expectation)).append(": ");
        message.append(number(violations)).append(" of ").append(number(evaluated)).append(" rows");
        if (violations > 0 && evaluated > 0) {
            message.append(" (").append(percent((double) violations / evaluated)).append(')');
        }
        message.append(' ')
                .append(OffendingRows.cut(breaks))
                .append(", allowed ")
                .append(allowed(expectation));
        if (!samples.isEmpty()) {
            message.append("; e.g. ").append(brief(samples.getFirst()));
        } else if (!top.isEmpty()) {
            message.append("; e.g. \"").append(top.getFirst().value()).append('"');
        }
        return message.toString();
    }

    private static String brief(Sample sample) {
        StringBuilder brief = new StringBuilder();
        if (sample.key().isEmpty()) {
            brief.append("row ").append(number(sample.row()));
        } else {
            sample.key()
                    .forEach(
                            (k, v) ->
                                    brief.append(brief.isEmpty() ? "" : " ")
                                            .append(k)
                                            .append('=')
                                            .append(v));
        }
        String value = sample.value();
        return value == null ? brief.toString() : brief + " \"" + value + '"';
    }

    private static String subject(Expectation expectation) {
        String column = expectation.column();
        return column == null ? expectation.id() : column;
    }

    /** How many rows may break it: {@code 0}, {@code 5}, {@code 0.1%}. */
    static String allowed(Expectation expectation) {
        Long most = expectation.maxCount();
        if (most == null) {
            return expectation.maxFraction() == 0 ? "0" : percent(expectation.maxFraction());
        }
        return expectation.maxFraction() < 1
                ? number(most) + " and " + percent(expectation.maxFraction())
                : number(most);
    }

    private static String percent(double fraction) {
        BigDecimal percent =
                BigDecimal.valueOf(fraction * 100)
                        .setScale(3, RoundingMode.HALF_UP)
                        .stripTrailingZeros();
        return percent.signum() == 0 && fraction > 0
                ? "under 0.001%"
                : percent.toPlainString() + "%";
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A figure with at most six digits, or all of a whole number. */
    static String figure(Number value) {
        BigDecimal exact = new BigDecimal(value.toString());
        BigDecimal plain = exact.stripTrailingZeros();
        if (plain.scale() <= 0 && plain.precision() - plain.scale() <= 15) {
            return plain.toPlainString();
        }
        BigDecimal brief =
                exact.round(new MathContext(6, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        return Math.abs(brief.precision() - brief.scale()) > 15
                ? brief.toString()
                : brief.toPlainString();
    }

    /** {@code 24h}, {@code 90m}, {@code 7d}. */
    static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= 48 * 3600) {
            return seconds / 86_400 + "d" + rest(seconds % 86_400 / 3600, "h");
        }
        if (seconds >= 3600) {
            return seconds / 3600 + "h" + rest(seconds % 3600 / 60, "m");
        }
        return seconds >= 60 ? seconds / 60 + "m" + rest(seconds % 60, "s") : seconds + "s";
    }

    private static String rest(long value, String unit) {
        return value == 0 ? "" : " " + value + unit;
    }
}
