package dev.weir.ml.data.check;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Unique;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationReport.Sample;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.gate.Verdict;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds rows to show for checks that are broken; personal data it masks. */
final class OffendingRows {
    /** What stands in the place of personal data. */
    static final String MASK = "***";

    private static final int SAMPLES = 20;
    static final int TOP = 5;
    private static final int LONGEST_SHOWN = 200;

    private final DuckDb.Session session;
    private final List<String> key;
    private final Set<String> personal;

    OffendingRows(DuckDb.Session session, ExpectationSuite suite, Schema schema) {
        this.session = session;
        this.key = suite.key().stream().filter(k -> schema.column(k).isPresent()).toList();
        this.personal = suite.personal();
    }

    Result result(Counting counting) throws SQLException {
        Expectation expectation = counting.expectation;
        Verdict verdict = Results.verdict(expectation, counting.violations, counting.evaluatedRows);
        boolean broken = verdict == Verdict.FAIL || verdict == Verdict.WARN;
        List<Count> top = broken ? top(counting) : List.of();
        List<Sample> samples = broken ? samples(counting) : List.of();
        return new Result(
                expectation.id(),
                expectation.column(),
                expectation.check().kind(),
                expectation.severity(),
                verdict,
                counting.evaluatedRows,
                counting.missingRows,
                counting.violations,
                null,
                Results.allowed(expectation),
                Results.message(counting, top, samples),
                top,
                samples,
                broken ? "select * from dataset where " + counting.condition() : null);
    }

    private boolean masked(Expectation expectation) {
        return expectation.check() instanceof Unique unique
                ? unique.columns().stream().anyMatch(personal::contains)
                : expectation.column() != null && personal.contains(expectation.column());
    }

    private List<Count> top(Counting counting) throws SQLException {
        List<Count> top = new ArrayList<>();
        if (counting.sql.shown().equals("null")) {
            return top;
        }
        if (!counting.top.isEmpty()) {
            return masked(counting.expectation)
                    ? counting.top.stream().map(c -> new Count(MASK, c.rows())).toList()
                    : counting.top;
        }
        boolean masked = masked(counting.expectation);
        session.each(
                "select "
                        + counting.sql.shown()
                        + " as v, count(*) as n from dataset where "
                        + counting.found
                        + " group by all order by n desc, v limit "
                        + TOP,
                row -> top.add(new Count(masked ? MASK : cut(row.getString(1)), row.getLong(2))));
        return top;
    }

    private List<Sample> samples(Counting counting) throws SQLException {
        return samples(counting.sql.shown(), counting.found, masked(counting.expectation));
    }

    /** The first rows of a condition. */
    List<Sample> samples(String shown, String condition, boolean masked) throws SQLException {
        List<Sample> samples = new ArrayList<>();
        String keys =
                key.stream()
                        .map(k -> ", cast(" + DuckDb.name(k) + " as varchar)")
                        .collect(Collectors.joining());
        session.each(
                "select "
                        + RowSql.ROW
                        + ", "
                        + shown
                        + keys
                        + " from dataset where "
                        + condition
                        + order(condition)
                        + " limit "
                        + SAMPLES,
                row -> {
                    Map<String, String> named = new LinkedHashMap<>();
                    for (int k = 0; k < key.size(); k++) {
                        String name = key.get(k);
                        String value = String.valueOf(row.getString(k + 3));
                        named.put(name, personal.contains(name) ? MASK : cut(value));
                    }
                    @Nullable String value = row.getString(2);
                    samples.add(
                            new Sample(
                                    row.getLong(1),
                                    named,
                                    value == null ? null : masked ? MASK : cut(value)));
                });
        return samples;
    }

    /**
     * A plain filter keeps the order of rows, and may stop at the last that is shown. What the
     * engine carries out as a join does not.
     */
    private static String order(String condition) {
        boolean join = condition.contains("select") || condition.contains(" in (");
        return join ? " order by " + RowSql.ROW : "";
    }

    static String cut(String text) {
        if (text.length() <= LONGEST_SHOWN) {
            return text;
        }
        boolean half = Character.isHighSurrogate(text.charAt(LONGEST_SHOWN - 1));
        return text.substring(0, LONGEST_SHOWN - (half ? 1 : 0)) + "…";
    }
}
