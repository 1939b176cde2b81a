package dev.weir.ml.gate;

import static dev.weir.ml.gate.Figures.text;

import dev.weir.ml.gate.Evidence.Difference;
import dev.weir.ml.gate.Evidence.Item;
import dev.weir.ml.gate.Evidence.Opinion;
import dev.weir.ml.gate.Evidence.Tally;

/** What a gate demands of evidence. Judging is pure: the same evidence gives the same ruling. */
public sealed interface Rule {
    /** The gate's name: {@code validate.roc_auc.min}. */
    String gate();

    /** What it means that the rule is not met. */
    Severity severity();

    /** The ruling on this evidence. */
    Ruling judge(Evidence evidence);

    /** Which direction of a figure is the good one. */
    enum Better {
        /** More is better, as with an AUC. */
        HIGHER,
        /** Less is better, as with a loss. */
        LOWER
    }

    /**
     * A figure must reach a minimum.
     *
     * @param measure the name of the figure in the evidence
     * @param minimum inclusive, in the figure's unit
     */
    record AtLeast(String gate, Severity severity, String measure, double minimum) implements Rule {
        @Override
        public Ruling judge(Evidence evidence) {
            return Judging.bound(this, evidence, measure, Better.HIGHER, minimum);
        }
    }

    /**
     * A figure must not be above a maximum; also for figures of a machine, such as a latency.
     *
     * @param measure the name of the figure in the evidence
     * @param maximum inclusive, in the figure's unit
     */
    record AtMost(String gate, Severity severity, String measure, double maximum) implements Rule {
        @Override
        public Ruling judge(Evidence evidence) {
            return Judging.bound(this, evidence, measure, Better.LOWER, maximum);
        }
    }

    /**
     * A figure must not be worse than that of another version on the same rows: worse by more than
     * the tolerance, and not by chance. Without another version the gate is skipped and says so.
     *
     * @param item the name of a {@link Difference} in the evidence
     * @param better the good direction of the figure
     * @param tolerance how much worse is still allowed, 0 or more, in the figure's unit
     */
    record NotWorseThan(
            String gate, Severity severity, String item, Better better, double tolerance)
            implements Rule {
        public NotWorseThan {
            if (!(tolerance >= 0)) {
                throw new IllegalArgumentException(
                        "tolerance: " + tolerance + " (expected: 0 or more)");
            }
        }

        @Override
        public Ruling judge(Evidence evidence) {
            Item found = evidence.item(item).orElse(null);
            return found instanceof Difference difference
                    ? Judging.difference(this, difference)
                    : Judging.missing(this, found, item, "not worse than production");
        }
    }

    /**
     * A counted check must hold for all that was checked, up to an allowed share.
     *
     * @param check the name of the tally in the evidence
     * @param allowedShare of the checked, from 0 (none may offend) to below 1
     */
    record Holds(String gate, Severity severity, String check, double allowedShare)
            implements Rule {
        public Holds {
            if (!(allowedShare >= 0 && allowedShare < 1)) {
                throw new IllegalArgumentException(
                        "allowedShare: " + allowedShare + " (expected: from 0 to below 1)");
            }
        }

        @Override
        public Ruling judge(Evidence evidence) {
            Item item = evidence.item(check).orElse(null);
            if (!(item
                    instanceof
                    Tally(long offending, long checked, String observed, String expected))) {
                return Judging.missing(this, item, check, "to hold");
            }
            String allowed =
                    allowedShare == 0 ? "none" : "at most " + text(100 * allowedShare, "%");
            if (checked == 0) {
                return Judging.ruling(
                        this,
                        Verdict.SKIPPED,
                        new Observed.Nothing(),
                        allowed,
                        check + " has nothing to check.");
            }
            boolean holds = offending <= allowedShare * checked;
            Observed value = new Observed.Words(offending + " of " + checked + " differ");
            String sentence = check + ": " + observed + " (expected: " + expected + ").";
            return Judging.ruling(
                            this,
                            holds ? Verdict.PASS : Judging.unmet(this),
                            value,
                            allowed,
                            sentence)
                    .limit(new Limit(allowedShare, Better.LOWER));
        }
    }

    /**
     * What somebody else judged: a program of the team's own.
     *
     * @param item the name of an {@link Opinion} in the evidence
     */
    record Says(String gate, Severity severity, String item) implements Rule {
        @Override
        public Ruling judge(Evidence evidence) {
            Item found = evidence.item(item).orElse(null);
            if (!(found
                    instanceof
                    Opinion(Verdict said, Observed value, String expected, String reason))) {
                return Judging.missing(this, found, item, "a verdict");
            }
            Verdict verdict =
                    said == Verdict.FAIL && severity == Severity.WARN ? Verdict.WARN : said;
            return Judging.ruling(this, verdict, value, expected, reason);
        }
    }
}
