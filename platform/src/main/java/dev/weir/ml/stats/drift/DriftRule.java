package dev.weir.ml.stats.drift;

import dev.weir.ml.gate.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * When a column has drifted. A score, the change of the share of missing values, and the share of
 * values that the baseline does not have are each held against limits, and each against chance:
 * what samples of this size do without drift, at {@code alpha} over all columns together, is no
 * drift.
 *
 * @param limits of columns that have none of their own
 * @param own the limits of single columns
 * @param correction for asking of many columns at once
 * @param alpha above 0 and below 1; by Benjamini and Hochberg the share of false alarms among
 *     alarms
 * @param fewest rows with a value on either side; with fewer the column is skipped
 */
public record DriftRule(
        DriftLimits limits,
        Map<String, DriftLimits> own,
        MultipleTests correction,
        double alpha,
        long fewest) {
    /** 0.1 warns, 0.2 fails, 1 % false alarms, 100 rows. */
    public static final DriftRule STANDARD = new DriftRule(0.1, 0.2, 0.01, 100);

    public DriftRule {
        own = Map.copyOf(own);
    }

    /** All columns alike, by PSI and the shares. */
    public DriftRule(double warn, double fail, double alpha, long fewest) {
        this(
                new DriftLimits(DriftLimits.Method.AUTO, warn, fail),
                Map.of(),
                MultipleTests.BENJAMINI_HOCHBERG,
                alpha,
                fewest);
    }

    /** The limits of a column. */
    public DriftLimits limits(String column) {
        return own.getOrDefault(column, limits);
    }

    private static final String UNSEEN = "the share of values that the reference does not have";

    /** The answer for one column. */
    public record Judged(ColumnDrift drift, Verdict verdict, String reason) {}

    /** One of the figures that can say that a column moved, and its limits. */
    private record Sign(String name, double value, double p, double warn, double fail) {
        boolean worseThan(Sign other) {
            return value > fail == other.value > other.fail ? value > other.value : value > fail;
        }
    }

    /** Judges all columns of a comparison together. */
    public List<Judged> judge(List<ColumnDrift> columns) {
        List<List<Sign>> signs = columns.stream().map(this::signs).toList();
        double[] adjusted =
                correction.adjust(
                        signs.stream().flatMap(List::stream).mapToDouble(Sign::p).toArray());
        List<Judged> judged = new ArrayList<>();
        int at = 0;
        for (int c = 0; c < signs.size(); c++) {
            judged.add(judge(columns.get(c), signs.get(c), adjusted, at));
            at += signs.get(c).size();
        }
        return judged;
    }

    private Judged judge(ColumnDrift column, List<Sign> signs, double[] adjusted, int from) {
        ColumnDrift.Both present = column.present();
        if (column.rows().baseline() == 0 || column.rows().current() == 0) {
            return new Judged(
                    column,
                    Verdict.ERROR,
                    "%s: %,d rows in the reference, %,d now (expected: some of each)"
                            .formatted(
                                    column.column(),
                                    column.rows().baseline(),
                                    column.rows().current()));
        }
        if (present.baseline() == 0 && present.current() == 0) {
            return new Judged(
                    column, Verdict.SKIPPED, column.column() + ": no value on either side");
        }
        if (Math.min(column.rows().baseline(), column.rows().current()) < fewest) {
            return new Judged(
                    column,
                    Verdict.SKIPPED,
                    "%s: %,d rows in the reference, %,d now (expected: at least %,d of each)"
                            .formatted(
                                    column.column(),
                                    column.rows().baseline(),
                                    column.rows().current(),
                                    fewest));
        }
        Sign worst = null;
        for (int i = 0; i < signs.size(); i++) {
            Sign sign = signs.get(i);
            if (sign.value > sign.warn
                    && adjusted[from + i] < alpha
                    && (worst == null || sign.worseThan(worst))) {
                worst = sign;
            }
        }
        if (worst != null) {
            boolean fails = worst.value > worst.fail;
            return new Judged(
                    column,
                    fails ? Verdict.FAIL : Verdict.WARN,
                    "%s: %s is %s (expected: at most %s)"
                            .formatted(
                                    column.column(),
                                    worst.name,
                                    figure(worst.value),
                                    figure(fails ? worst.fail : worst.warn)));
        }
        if (Math.min(present.baseline(), present.current()) < fewest) {
            return new Judged(
                    column,
                    Verdict.SKIPPED,
                    "%s: %,d values in the reference, %,d now (expected: at least %,d of each)"
                            .formatted(
                                    column.column(),
                                    present.baseline(),
                                    present.current(),
                                    fewest));
        }
        if (column.bins() instanceof Binning.None) {
            return new Judged(
                    column,
                    Verdict.SKIPPED,
                    column.column()
                            + ": too many different values: it names rows, or is text; as many are"
                            + " missing as before");
        }
        DriftLimits limits = limits(column.column());
        double score = limits.score(column);
        if (Double.isNaN(score)) {
            return new Judged(
                    column,
                    own.containsKey(column.column()) ? Verdict.ERROR : Verdict.SKIPPED,
                    "%s: %s is not defined here%s"
                            .formatted(
                                    column.column(),
                                    limits.told(),
                                    limits.method().ofNumbers() && !column.numeric()
                                            ? ": it is for numbers (expected: psi, kl, js or chi2)"
                                            : ""));
        }
        return new Judged(
                column,
                Verdict.PASS,
                score > limits.warn()
                        ? "%s: %s is %s, which chance gives for so few rows of each value"
                                .formatted(column.column(), limits.told(), figure(score))
                        : "");
    }

    private List<Sign> signs(ColumnDrift column) {
        List<Sign> signs = new ArrayList<>();
        ColumnDrift.Both rows = column.rows();
        ColumnDrift.Both present = column.present();
        if (Math.min(rows.baseline(), rows.current()) < fewest) {
            return signs;
        }
        DriftLimits asked = limits(column.column());
        boolean auto = asked.method() == DriftLimits.Method.AUTO;
        // a limit of a score in another unit says nothing of a share
        DriftLimits shares = auto ? asked : DriftLimits.STANDARD;
        ColumnDrift.Both missing = column.missing();
        signs.add(share("the change of the share of missing values", missing, rows, shares));
        ColumnDrift.Both infinite =
                new ColumnDrift.Both(
                        rows.baseline() - missing.baseline() - present.baseline(),
                        rows.current() - missing.current() - present.current());
        if (infinite.baseline() + infinite.current() > 0) {
            signs.add(share("the change of the share of infinite values", infinite, rows, shares));
        }
        double unseen = column.scores().unseenFraction();
        if (unseen > asked.unseen()) {
            signs.add(new Sign(UNSEEN, unseen, 0, asked.unseen(), asked.unseen()));
        }
        if (Math.min(present.baseline(), present.current()) < fewest) {
            return signs;
        }
        double score = auto ? column.judgeable().value() : asked.score(column);
        if (!Double.isNaN(score)) {
            signs.add(new Sign(asked.told(), score, asked.p(column), asked.warn(), asked.fail()));
        }
        if (auto && Double.isNaN(asked.unseen()) && unseen > 0) {
            ColumnDrift.Both unknown = column.unknown();
            signs.add(
                    new Sign(
                            UNSEEN,
                            (double) unknown.current() / present.current()
                                    - (double) unknown.baseline() / present.baseline(),
                            differ(
                                    unknown.baseline(),
                                    present.baseline() - unknown.baseline(),
                                    unknown.current(),
                                    present.current() - unknown.current()),
                            asked.warn(),
                            asked.fail()));
        }
        return signs;
    }

    private static Sign share(
            String name, ColumnDrift.Both part, ColumnDrift.Both whole, DriftLimits limits) {
        return new Sign(
                name,
                Math.abs(
                        (double) part.current() / whole.current()
                                - (double) part.baseline() / whole.baseline()),
                differ(
                        part.baseline(),
                        whole.baseline() - part.baseline(),
                        part.current(),
                        whole.current() - part.current()),
                limits.warn(),
                limits.fail());
    }

    /** The p-value of a 2 x 2 table. */
    private static double differ(long a, long b, long c, long d) {
        return BinScores.of(new long[] {a, b}, new long[] {c, d}).chiSquare().p();
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
