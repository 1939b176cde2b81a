package dev.weir.ml.stats.drift;

import dev.weir.ml.gate.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * When a column has drifted. PSI, the change of the share of missing values, and the share of
 * values that the baseline does not have are each held against both thresholds, and each against
 * chance: what samples of this size do without drift, at {@code alpha} over all columns together
 * (Benjamini and Hochberg), is no drift.
 *
 * @param warn above this it is a warning
 * @param fail above this it fails
 * @param alpha the share of false alarms among alarms, above 0 and below 1
 * @param fewest rows with a value on either side; with fewer the column is skipped
 */
public record DriftRule(double warn, double fail, double alpha, long fewest) {
    /** 0.1 warns, 0.2 fails, 1 % false alarms, 100 rows. */
    public static final DriftRule STANDARD = new DriftRule(0.1, 0.2, 0.01, 100);

    /** The answer for one column. */
    public record Judged(ColumnDrift drift, Verdict verdict, String reason) {}

    /** One of the figures that can say that a column moved. */
    private record Sign(String name, double value, double p) {}

    /** Judges all columns of a comparison together. */
    public List<Judged> judge(List<ColumnDrift> columns) {
        List<List<Sign>> signs = columns.stream().map(this::signs).toList();
        double[] adjusted =
                MultipleTests.BENJAMINI_HOCHBERG.adjust(
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
            if (sign.value > warn
                    && adjusted[from + i] < alpha
                    && (worst == null || sign.value > worst.value)) {
                worst = sign;
            }
        }
        if (worst != null) {
            boolean fails = worst.value > fail;
            return new Judged(
                    column,
                    fails ? Verdict.FAIL : Verdict.WARN,
                    "%s: %s is %s (expected: at most %s)"
                            .formatted(
                                    column.column(),
                                    worst.name,
                                    figure(worst.value),
                                    figure(fails ? fail : warn)));
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
        double psi = column.scores().bins().psi();
        boolean chance = psi > warn;
        return new Judged(
                column,
                Verdict.PASS,
                chance
                        ? "%s: psi is %s, which chance gives for so few rows of each value"
                                .formatted(column.column(), figure(psi))
                        : "");
    }

    private List<Sign> signs(ColumnDrift column) {
        List<Sign> signs = new ArrayList<>();
        ColumnDrift.Both rows = column.rows();
        ColumnDrift.Both present = column.present();
        if (Math.min(rows.baseline(), rows.current()) < fewest) {
            return signs;
        }
        ColumnDrift.Both missing = column.missing();
        signs.add(share("the change of the share of missing values", missing, rows));
        ColumnDrift.Both infinite =
                new ColumnDrift.Both(
                        rows.baseline() - missing.baseline() - present.baseline(),
                        rows.current() - missing.current() - present.current());
        if (infinite.baseline() + infinite.current() > 0) {
            signs.add(share("the change of the share of infinite values", infinite, rows));
        }
        if (Math.min(present.baseline(), present.current()) < fewest) {
            return signs;
        }
        ColumnDrift.Judgeable psi = column.judgeable();
        signs.add(new Sign("psi", psi.value(), psi.p()));
        ColumnDrift.Both unknown = column.unknown();
        if (column.scores().unseenFraction() > 0) {
            signs.add(
                    new Sign(
                            "the share of values that the reference does not have",
                            (double) unknown.current() / present.current()
                                    - (double) unknown.baseline() / present.baseline(),
                            differ(
                                    unknown.baseline(),
                                    present.baseline() - unknown.baseline(),
                                    unknown.current(),
                                    present.current() - unknown.current())));
        }
        return signs;
    }

    private static Sign share(String name, ColumnDrift.Both part, ColumnDrift.Both whole) {
        return new Sign(
                name,
                Math.abs(
                        (double) part.current() / whole.current()
                                - (double) part.baseline() / whole.baseline()),
                differ(
                        part.baseline(),
                        whole.baseline() - part.baseline(),
                        part.current(),
                        whole.current() - part.current()));
    }

    /** The p-value of a 2 x 2 table. */
    private static double differ(long a, long b, long c, long d) {
        return BinScores.of(new long[] {a, b}, new long[] {c, d}).chiSquare().p();
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
