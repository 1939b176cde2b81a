package dev.weir.ml.data.expect;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationReport.Sample;
import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.gate.Verdict;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds rows to show for checks that are broken. */
final class OffendingRows {
    private static final int SAMPLES = 20;
    private static final int TOP = 5;
    private static final int LONGEST_SHOWN = 200;

    private final DuckDb.Session session;
    private final Path parquet;
    private final List<String> key;

    OffendingRows(DuckDb.Session session, Path parquet, List<String> key, Schema schema) {
        this.session = session;
        this.parquet = parquet;
        this.key = key.stream().filter(k -> schema.column(k).isPresent()).toList();
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
                counting.violations,
                Results.allowed(expectation),
                Results.message(counting, top, samples),
                top,
                samples,
                broken ? "select * from dataset where " + counting.condition() : null);
    }

    private String with() {
        return "with dataset as (select * from " + DuckDb.parquet(parquet, true) + ") ";
    }

    private List<Count> top(Counting counting) throws SQLException {
        List<Count> top = new ArrayList<>();
        if (counting.shown.equals("null")) {
            return top;
        }
        session.each(
                with()
                        + "select "
                        + counting.shown
                        + " as v, count(*) as n from dataset where "
                        + counting.condition()
                        + " group by all order by n desc, v limit "
                        + TOP,
                row -> top.add(new Count(cut(row.getString(1)), row.getLong(2))));
        return top;
    }

    private List<Sample> samples(Counting counting) throws SQLException {
        List<Sample> samples = new ArrayList<>();
        String keys =
                key.stream()
                        .map(k -> ", cast(" + DuckDb.name(k) + " as varchar)")
                        .collect(Collectors.joining());
        session.each(
                with()
                        + "select file_row_number + 1, "
                        + counting.shown
                        + keys
                        + " from dataset where "
                        + counting.condition()
                        + " order by file_row_number limit "
                        + SAMPLES,
                row -> {
                    Map<String, String> named = new LinkedHashMap<>();
                    for (int k = 0; k < key.size(); k++) {
                        named.put(key.get(k), cut(String.valueOf(row.getString(k + 3))));
                    }
                    @Nullable String value = row.getString(2);
                    samples.add(
                            new Sample(row.getLong(1), named, value == null ? null : cut(value)));
                });
        return samples;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }
}
