package dev.weir.ml.data.expect;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.Schema;
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
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** Puts what was counted into a verdict and a sentence. */
final class Results {
    private Results() {}

    static Result error(Expectation expectation, String reason) {
        return new Result(
                expectation.id(),
                expectation.column(),
                expectation.check().kind(),
                expectation.severity(),
                Verdict.ERROR,
                0,
                0,
                allowed(expectation),
                subject(expectation) + ": could not be evaluated: " + reason,
                List.of(),
                List.of(),
                null);
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
                        + (kept ? "" : " (expected: " + ExpectationSql.range(min, max) + ")"));
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
        return new Result(
                expectation.id(),
                expectation.column(),
                expectation.check().kind(),
                expectation.severity(),
                violations == 0 ? Verdict.PASS : broken(expectation),
                evaluated,
                violations,
                "0",
                message,
                List.of(),
                List.of(),
                null);
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
        Expectation expectation = counting.expectation;
        if (counting.evaluatedRows == 0) {
            return subject(expectation) + ": no row to check";
        }
        StringBuilder message = new StringBuilder(subject(expectation)).append(": ");
        message.append(number(counting.violations))
                .append(" of ")
                .append(number(counting.evaluatedRows))
                .append(" rows");
        if (counting.violations > 0) {
            message.append(" (")
                    .append(percent((double) counting.violations / counting.evaluatedRows))
                    .append(')');
        }
        message.append(' ')
                .append(counting.breaks)
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
}
