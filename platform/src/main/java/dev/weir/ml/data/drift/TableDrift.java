package dev.weir.ml.data.drift;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.drift.DriftReport.Line;
import dev.weir.ml.data.drift.DriftReport.Side;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.source.TableFile;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.drift.ColumnDrift;
import dev.weir.ml.stats.drift.Drift;
import dev.weir.ml.stats.drift.DriftRule;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares two tables, a few columns at a time, so that memory stays bounded. */
public final class TableDrift {
    /** A text of more values than this names rows, or is prose; its distribution says nothing. */
    static final int MOST_VALUES = 100_000;

    private static final long NUMBERS_AT_ONCE = 16_000_000;

    private final DuckDb duckDb;
    private final DriftRule rule;

    public TableDrift(DuckDb duckDb, DriftRule rule) {
        this.duckDb = duckDb;
        this.rule = rule;
    }

    /**
     * Compares columns of one name.
     *
     * @param wanted which; empty: all of the reference
     * @throws dev.weir.base.problem.ProblemException (INPUT) where neither table has one of them
     */
    public DriftReport compare(TableFile reference, TableFile current, List<String> wanted) {
        Set<String> names =
                new LinkedHashSet<>(wanted.isEmpty() ? reference.schema().names() : wanted);
        Map<String, Line> lines = new LinkedHashMap<>();
        List<String> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            Column then = reference.schema().required(name);
            Column now = current.schema().column(name).orElse(null);
            lines.put(name, new Line(name, null, Verdict.ERROR, name + ": no such column now"));
            if (now != null && categorical(then) != categorical(now)) {
                lines.put(
                        name,
                        new Line(
                                name,
                                null,
                                Verdict.ERROR,
                                "%s: %s now (expected: %s, as in the reference)"
                                        .formatted(name, now.declared(), then.declared())));
            } else if (now != null) {
                (categorical(then) ? texts : numbers).add(name);
            }
        }
        List<ColumnDrift> measured = new ArrayList<>();
        int atOnce =
                (int) Math.max(1, NUMBERS_AT_ONCE / Math.max(1, reference.rows() + current.rows()));
        for (int i = 0; i < numbers.size(); i += atOnce) {
            List<String> some = numbers.subList(i, Math.min(numbers.size(), i + atOnce));
            var then = new ColumnFiles(duckDb).doubles(reference.parquet(), some);
            var now = new ColumnFiles(duckDb).doubles(current.parquet(), some);
            for (int c = 0; c < some.size(); c++) {
                measured.add(Drift.numbers(some.get(c), then.get(c).values(), now.get(c).values()));
            }
        }
        try (DuckDb.Session session = duckDb.open()) {
            for (String name : texts) {
                Counts then = counts(session, reference.parquet(), name);
                Counts now = counts(session, current.parquet(), name);
                if (Math.max(then.byValue.size(), now.byValue.size()) > MOST_VALUES) {
                    lines.put(
                            name,
                            new Line(
                                    name,
                                    null,
                                    Verdict.SKIPPED,
                                    "%s: more than %,d different values: it names rows, or is text"
                                            .formatted(name, MOST_VALUES)));
                } else {
                    measured.add(
                            Drift.categories(
                                    name, then.byValue, then.missing, now.byValue, now.missing));
                }
            }
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
        for (DriftRule.Judged judged : rule.judge(measured)) {
            String name = judged.drift().column();
            lines.put(name, new Line(name, judged.drift(), judged.verdict(), judged.reason()));
        }
        if (wanted.isEmpty()) {
            for (String name : current.schema().names()) {
                if (!names.contains(name)) {
                    lines.put(
                            name,
                            new Line(
                                    name,
                                    null,
                                    Verdict.SKIPPED,
                                    name + ": the reference has no such column"));
                }
            }
        }
        return new DriftReport(
                new Side(reference.name(), reference.rows()),
                new Side(current.name(), current.rows()),
                List.copyOf(lines.values()));
    }

    private static boolean categorical(Column column) {
        return column.type() == ColumnType.VARCHAR || column.type() == ColumnType.BOOLEAN;
    }

    private record Counts(Map<String, Long> byValue, long missing) {}

    private static Counts counts(DuckDb.Session session, Path parquet, String name)
            throws SQLException {
        Map<String, Long> byValue = new HashMap<>();
        long[] missing = {0};
        session.each(
                "select cast(%s as varchar) as value, count(*) from %s group by value limit %d"
                        .formatted(
                                DuckDb.name(name), DuckDb.parquet(parquet, false), MOST_VALUES + 2),
                row -> {
                    String value = row.getString(1);
                    if (value == null) {
                        missing[0] = row.getLong(2);
                    } else {
                        byValue.put(value, row.getLong(2));
                    }
                });
        return new Counts(byValue, missing[0]);
    }
}
