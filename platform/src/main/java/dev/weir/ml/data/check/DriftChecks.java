package dev.weir.ml.data.check;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.drift.Baselines;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Drifted;
import dev.weir.ml.data.expect.Expectation.TableDrifted;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationReport.Bins;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.drift.Baseline;
import dev.weir.ml.stats.drift.ColumnBaseline;
import dev.weir.ml.stats.drift.ColumnDrift;
import dev.weir.ml.stats.drift.Drift;
import dev.weir.ml.stats.drift.DriftLimits;
import dev.weir.ml.stats.drift.DriftRule;
import dev.weir.ml.stats.drift.DriftRule.Judged;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rules on drift: all columns are measured, and judged together. */
final class DriftChecks {
    private static final int MOST_BARS = 24;
    private static final int MOST_NAMED = 10;

    private final DuckDb duckDb;
    private final Path table;
    private final Schema schema;
    private final ExpectationSuite suite;
    private final Comparison comparison;
    private final Map<String, Expectation> own = new LinkedHashMap<>();
    private final @Nullable Expectation whole;

    DriftChecks(
            DuckDb duckDb,
            Path table,
            Schema schema,
            ExpectationSuite suite,
            Comparison comparison) {
        this.duckDb = duckDb;
        this.table = table;
        this.schema = schema;
        this.suite = suite;
        this.comparison = comparison;
        Expectation ofTable = null;
        for (Expectation expectation : suite.expectations()) {
            String column = expectation.column();
            if (expectation.check() instanceof Drifted && column != null) {
                own.put(column, expectation);
            } else if (expectation.check() instanceof TableDrifted) {
                ofTable = expectation;
            }
        }
        this.whole = ofTable;
    }

    /** What is said of a rule where there is no baseline. */
    static Result without(Expectation expectation, Comparison comparison) {
        Comparison.Against against = comparison.against();
        return against.verdict() == Verdict.ERROR
                ? Results.error(expectation, against.told())
                : Results.skipped(expectation, against.told());
    }

    /** The results of rules on drift, those of the default after the others; none without them. */
    ExpectationReport report() {
        Baseline then = comparison.against().baseline();
        if (then == null || own.isEmpty() && whole == null) {
            return new ExpectationReport(0, List.of());
        }
        Map<String, Expectation> asked = asked(then);
        DriftRule rule = rule();
        Baseline now = now(then);
        List<Result> results = new ArrayList<>();
        List<ColumnDrift> measured = new ArrayList<>();
        for (Map.Entry<String, Expectation> each : asked.entrySet()) {
            ColumnBaseline before = then.column(each.getKey()).orElse(null);
            ColumnBaseline after = now.column(each.getKey()).orElse(null);
            if (before != null && after != null && before.comparable(after)) {
                measured.add(Drift.between(before, after, rule.limits(each.getKey()).scale()));
            } else if (schema.column(each.getKey()).isPresent() || before != null) {
                results.add(incomparable(each.getValue(), each.getKey(), before));
            }
        }
        DriftTally tally = new DriftTally();
        for (Judged judged : rule.judge(measured)) {
            String column = judged.drift().column();
            Expectation expectation = asked.get(column);
            if (expectation != null) {
                results.add(result(expectation, judged, rule.limits(column)));
                tally.add(judged);
            }
        }
        if (whole != null) {
            results.add(0, tally.result(whole, comparison.against().told()));
        }
        return new ExpectationReport(0, results);
    }

    private DriftRule rule() {
        Map<String, DriftLimits> limits = new HashMap<>();
        own.forEach(
                (column, expectation) -> {
                    if (expectation.check() instanceof Drifted drifted) {
                        limits.put(column, drifted.limits());
                    }
                });
        return new DriftRule(
                whole != null
                                && whole.check() instanceof TableDrifted(var others, var _)
                                && others != null
                        ? others
                        : DriftLimits.STANDARD,
                limits,
                suite.drift().correction(),
                suite.drift().alpha(),
                DriftRule.STANDARD.fewest());
    }

    /**
     * Columns with drift of their own, and where there is a default, all others of the baseline.
     */
    private Map<String, Expectation> asked(Baseline then) {
        Map<String, Expectation> asked = new LinkedHashMap<>(own);
        Expectation all = whole;
        if (all != null && all.check() instanceof TableDrifted(var limits, var most)) {
            if (limits != null) {
                for (ColumnBaseline column : then.columns()) {
                    asked.putIfAbsent(
                            column.column(),
                            new Expectation(
                                    column.column() + ".drift",
                                    column.column(),
                                    new Drifted(limits),
                                    most == null ? all.severity() : Severity.WARN,
                                    0,
                                    null,
                                    null,
                                    all.place()));
                }
            }
        }
        return asked;
    }

    private Baseline now(Baseline then) {
        Baseline known = comparison.against().own();
        boolean same =
                known != null
                        && known.columns().stream()
                                .allMatch(
                                        c ->
                                                then.column(c.column())
                                                        .filter(t -> c.in(t.bins()) == c)
                                                        .isPresent());
        return known != null && same ? known : new Baselines(duckDb).like(table, then);
    }

    private Result incomparable(
            Expectation expectation, String column, @Nullable ColumnBaseline before) {
        if (before == null) {
            return Results.skipped(
                    expectation, comparison.against().told() + " has no such column");
        }
        String found = schema.column(column).map(c -> c.declared()).orElse("no such column");
        return Results.error(
                expectation,
                "%s now (expected: %s, as in %s)"
                        .formatted(
                                found,
                                before.numbers() == null ? "text" : "numbers",
                                comparison.against().told()));
    }

    private Result result(Expectation expectation, Judged judged, DriftLimits limits) {
        ColumnDrift drift = judged.drift();
        double score = limits.score(drift);
        Verdict verdict =
                judged.verdict() == Verdict.FAIL && expectation.severity() == Severity.WARN
                        ? Verdict.WARN
                        : judged.verdict();
        boolean moved = verdict == Verdict.FAIL || verdict == Verdict.WARN;
        String column = String.valueOf(expectation.column());
        return new Result(
                expectation.id(),
                column,
                expectation.check().kind(),
                expectation.severity(),
                verdict,
                drift.present().current(),
                drift.missing().current(),
                moved ? 1 : 0,
                Double.isNaN(score) || verdict == Verdict.SKIPPED || verdict == Verdict.ERROR
                        ? null
                        : (Double) score,
                allowed(limits),
                message(column, judged, limits, score),
                List.of(),
                List.of(),
                null,
                bins(drift));
    }

    private String message(String column, Judged judged, DriftLimits limits, double score) {
        String reason =
                judged.reason().isEmpty()
                        ? "%s: %s (expected: %s)"
                                .formatted(column, told(limits, score), allowed(limits))
                        : judged.reason();
        return reason + ", against " + comparison.against().told();
    }

    private static String told(DriftLimits limits, double score) {
        DriftLimits.Method method = limits.method();
        String word = method == DriftLimits.Method.AUTO ? "psi" : method.word();
        return word + " " + String.format(Locale.ROOT, "%.3g", score);
    }

    private static String allowed(DriftLimits limits) {
        double most = Double.isInfinite(limits.fail()) ? limits.warn() : limits.fail();
        String method =
                limits.method() == DriftLimits.Method.AUTO
                        ? DriftLimits.Method.PSI.word()
                        : limits.method().word();
        return method
                + " at most "
                + Results.figure(most)
                + (Double.isNaN(limits.unseen())
                        ? ""
                        : ", unseen at most " + Results.figure(limits.unseen()));
    }

    /** What the frequent bins hold; the rest is one. Of personal data how much, and not what. */
    private @Nullable Bins bins(ColumnDrift drift) {
        int bins = drift.current().length;
        if (bins < 2) {
            return null;
        }
        boolean many = bins > MOST_BARS;
        int shown = many ? MOST_BARS - 1 : bins;
        List<String> labels = new ArrayList<>();
        List<Long> then = new ArrayList<>();
        List<Long> now = new ArrayList<>();
        long restThen = 0;
        long restNow = 0;
        List<String> names = drift.bins().labels();
        boolean personal = suite.personal().contains(drift.column());
        for (int i = 0; i < bins; i++) {
            if (i < shown) {
                labels.add(personal ? OffendingRows.MASK : names.get(i));
                then.add(drift.baseline()[i]);
                now.add(drift.current()[i]);
            } else {
                restThen += drift.baseline()[i];
                restNow += drift.current()[i];
            }
        }
        if (many) {
            labels.add((bins - shown) + " more");
            then.add(restThen);
            now.add(restNow);
        }
        return new Bins(labels, then, now);
    }

    /** How many columns moved. */
    private static final class DriftTally {
        private final List<String> moved = new ArrayList<>();
        private long compared;

        void add(Judged judged) {
            switch (judged.verdict()) {
                case FAIL, WARN -> {
                    moved.add(judged.drift().column());
                    compared++;
                }
                case PASS -> compared++;
                case ERROR, SKIPPED -> {}
            }
        }

        Result result(Expectation whole, String against) {
            if (compared == 0) {
                return Results.skipped(whole, "no column could be compared with " + against);
            }
            double share = (double) moved.size() / compared;
            Double most =
                    whole.check() instanceof TableDrifted drifted ? drifted.maxFraction() : null;
            String names =
                    String.join(", ", moved.subList(0, Math.min(MOST_NAMED, moved.size())))
                            + (moved.size() > MOST_NAMED ? " …" : "");
            return Results.figure(
                    whole,
                    most == null || share <= most,
                    compared,
                    share,
                    "%,d of %,d columns have moved from %s%s"
                            .formatted(
                                    moved.size(),
                                    compared,
                                    against,
                                    moved.isEmpty() ? "" : ": " + names),
                    most == null
                            ? "each by its own limits"
                            : "at most " + Results.figure(100 * most) + "% of them");
        }
    }
}
