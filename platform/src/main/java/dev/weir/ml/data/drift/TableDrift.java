package dev.weir.ml.data.drift;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.drift.Baselines.Texts;
import dev.weir.ml.data.drift.DriftReport.Line;
import dev.weir.ml.data.drift.DriftReport.Side;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.source.TableFile;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.drift.Baseline;
import dev.weir.ml.stats.drift.Binning;
import dev.weir.ml.stats.drift.ColumnBaseline;
import dev.weir.ml.stats.drift.ColumnDrift;
import dev.weir.ml.stats.drift.DistanceScale;
import dev.weir.ml.stats.drift.Drift;
import dev.weir.ml.stats.drift.DriftRule;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares a table with another, or with what was kept of one. Of two tables of up to 250,000 rows
 * every score is exact; of larger ones those that counts give are, and KS and Wasserstein are of
 * quantile sketches and say by how much they may be off.
 */
public final class TableDrift {
    private static final long MOST_EXACT = 250_000;
    private static final long NUMBERS_AT_ONCE = 16_000_000;

    private final DuckDb duckDb;
    private final DriftRule rule;
    private final DistanceScale scale;

    /** Wasserstein by the standard deviation. */
    public TableDrift(DuckDb duckDb, DriftRule rule) {
        this(duckDb, rule, DistanceScale.STANDARD);
    }

    public TableDrift(DuckDb duckDb, DriftRule rule, DistanceScale scale) {
        this.duckDb = duckDb;
        this.rule = rule;
        this.scale = scale;
    }

    /**
     * Compares columns of one name.
     *
     * @param wanted which; empty: all of the reference
     * @throws dev.weir.base.problem.ProblemException (INPUT) where the reference has not one of
     *     them
     */
    public DriftReport compare(TableFile reference, TableFile current, List<String> wanted) {
        Set<String> names =
                new LinkedHashSet<>(wanted.isEmpty() ? reference.schema().names() : wanted);
        Map<String, Line> lines = new LinkedHashMap<>();
        List<Column> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            Column then = reference.schema().required(name);
            Column now = current.schema().column(name).orElse(null);
            lines.put(name, absent(name));
            if (now != null && Baselines.numeric(then) != Baselines.numeric(now)) {
                lines.put(name, otherType(name, now.declared(), then.declared()));
            } else if (now != null && Baselines.numeric(then)) {
                numbers.add(then);
            } else if (now != null) {
                texts.add(name);
            }
        }
        boolean exact = Math.max(reference.rows(), current.rows()) <= MOST_EXACT;
        List<ColumnDrift> measured =
                exact ? exact(reference, current, numbers) : sketched(reference, current, numbers);
        measured.addAll(texts(reference, current, texts));
        judge(measured, lines);
        if (wanted.isEmpty()) {
            news(names, current.schema(), lines);
        }
        return new DriftReport(
                new Side(reference.name(), reference.rows()),
                new Side(current.name(), current.rows()),
                List.copyOf(lines.values()));
    }

    /**
     * Compares a table with what was kept of another.
     *
     * @param name what the baseline is of, for a person
     * @param wanted which columns; empty: all of the baseline
     * @throws dev.weir.base.problem.ProblemException (INPUT) where the baseline has not one of them
     */
    public DriftReport compare(
            Baseline reference, String name, TableFile current, List<String> wanted) {
        Baseline now = new Baselines(duckDb).like(current.parquet(), reference);
        Map<String, Line> lines = new LinkedHashMap<>();
        List<ColumnDrift> measured = new ArrayList<>();
        List<String> known = reference.columns().stream().map(ColumnBaseline::column).toList();
        for (String column : wanted.isEmpty() ? known : wanted) {
            ColumnBaseline then = reference.required(column);
            lines.put(column, absent(column));
            current.schema()
                    .column(column)
                    .ifPresent(
                            c ->
                                    lines.put(
                                            column,
                                            otherType(
                                                    column,
                                                    c.declared(),
                                                    then.numbers() == null ? "text" : "numbers")));
            now.column(column).ifPresent(c -> measured.add(Drift.between(then, c, scale)));
        }
        judge(measured, lines);
        if (wanted.isEmpty()) {
            news(known, current.schema(), lines);
        }
        return new DriftReport(
                new Side(name, reference.rows()),
                new Side(current.name(), current.rows()),
                List.copyOf(lines.values()));
    }

    private static Line absent(String name) {
        return new Line(name, null, Verdict.ERROR, name + ": no such column now");
    }

    private static Line otherType(String name, String now, String then) {
        return new Line(
                name,
                null,
                Verdict.ERROR,
                "%s: %s now (expected: %s, as in the reference)".formatted(name, now, then));
    }

    private static void news(
            java.util.Collection<String> known, Schema current, Map<String, Line> lines) {
        for (String name : current.names()) {
            if (!known.contains(name)) {
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

    private List<ColumnDrift> exact(TableFile reference, TableFile current, List<Column> columns) {
        List<ColumnDrift> measured = new ArrayList<>();
        int atOnce =
                (int) Math.max(1, NUMBERS_AT_ONCE / Math.max(1, reference.rows() + current.rows()));
        for (int i = 0; i < columns.size(); i += atOnce) {
            List<String> some =
                    columns.subList(i, Math.min(columns.size(), i + atOnce)).stream()
                            .map(Column::name)
                            .toList();
            var then = new ColumnFiles(duckDb).doubles(reference.parquet(), some);
            var now = new ColumnFiles(duckDb).doubles(current.parquet(), some);
            for (int c = 0; c < some.size(); c++) {
                measured.add(
                        Drift.numbers(
                                some.get(c), then.get(c).values(), now.get(c).values(), scale));
            }
        }
        return measured;
    }

    private List<ColumnDrift> sketched(
            TableFile reference, TableFile current, List<Column> columns) {
        Baselines baselines = new Baselines(duckDb);
        Map<String, ColumnBaseline> then =
                baselines.numbers(reference.parquet(), reference.rows(), columns, Map.of());
        Map<String, Binning> bins = new LinkedHashMap<>();
        then.forEach((name, column) -> bins.put(name, column.bins()));
        List<Column> here = columns.stream().map(c -> current.schema().required(c.name())).toList();
        List<ColumnDrift> measured = new ArrayList<>();
        baselines
                .numbers(current.parquet(), current.rows(), here, bins)
                .forEach(
                        (name, now) -> {
                            ColumnBaseline before = then.get(name);
                            if (before != null) {
                                measured.add(Drift.between(before, now, scale));
                            }
                        });
        return measured;
    }

    private List<ColumnDrift> texts(TableFile reference, TableFile current, List<String> names) {
        Baselines baselines = new Baselines(duckDb);
        List<ColumnDrift> measured = new ArrayList<>();
        try (DuckDb.Session session = duckDb.open()) {
            for (String name : names) {
                Texts then = baselines.texts(session, reference.parquet(), name);
                Texts now = baselines.texts(session, current.parquet(), name);
                if (then.byValue().isPresent() && now.byValue().isPresent()) {
                    measured.add(
                            Drift.categories(
                                    name,
                                    then.byValue().get(),
                                    then.missing(),
                                    now.byValue().get(),
                                    now.missing()));
                } else {
                    measured.add(
                            Drift.between(
                                    ColumnBaseline.ofMissing(name, then.rows(), then.missing()),
                                    ColumnBaseline.ofMissing(name, now.rows(), now.missing()),
                                    scale));
                }
            }
            return measured;
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    private void judge(List<ColumnDrift> measured, Map<String, Line> lines) {
        for (DriftRule.Judged judged : rule.judge(measured)) {
            String name = judged.drift().column();
            lines.put(name, new Line(name, judged.drift(), judged.verdict(), judged.reason()));
        }
    }
}
