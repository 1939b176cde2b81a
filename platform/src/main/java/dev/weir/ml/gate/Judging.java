package dev.weir.ml.gate;

import static dev.weir.ml.gate.Figures.text;

import dev.weir.ml.gate.Evidence.Difference;
import dev.weir.ml.gate.Evidence.Item;
import dev.weir.ml.gate.Evidence.Measure;
import dev.weir.ml.gate.Evidence.Opinion;
import dev.weir.ml.gate.Evidence.Seeds;
import dev.weir.ml.gate.Evidence.Tally;
import dev.weir.ml.gate.Evidence.TooLittle;
import dev.weir.ml.gate.Evidence.Undefined;

import org.jspecify.annotations.Nullable;

/** How rules become rulings. */
final class Judging {
    private Judging() {}

    static Ruling bound(
            Rule rule, Evidence evidence, String measure, Rule.Better better, double limit) {
        Item item = evidence.item(measure).orElse(null);
        String sign = better == Rule.Better.HIGHER ? ">= " : "<= ";
        String expected = sign + text(limit, item instanceof Measure m ? m.unit() : "");
        Limit bound = new Limit(limit, better);
        if (item instanceof Seeds seeds) {
            return seeds(rule, measure, seeds, bound, expected);
        }
        if (!(item instanceof Measure(double value, String unit)) || !Double.isFinite(value)) {
            return missing(rule, item, measure, expected).limit(bound);
        }
        boolean met = better == Rule.Better.HIGHER ? value >= limit : value <= limit;
        String sentence = measure + " is " + text(value, unit) + " (expected: " + expected + ").";
        return ruling(
                        rule,
                        met ? Verdict.PASS : unmet(rule),
                        observed((Measure) item),
                        expected,
                        sentence)
                .limit(bound);
    }

    /** The mean decides; where it is met, but not by the whole of its interval, the gate warns. */
    private static Ruling seeds(
            Rule rule, String measure, Seeds seeds, Limit bound, String expected) {
        boolean higher = bound.better() == Rule.Better.HIGHER;
        double limit = bound.number();
        double worst = higher ? seeds.mean() - seeds.half() : seeds.mean() + seeds.half();
        boolean met = higher ? seeds.mean() >= limit : seeds.mean() <= limit;
        boolean settled = higher ? worst >= limit : worst <= limit;
        String spread =
                seeds.seeds() == 1
                        ? ""
                        : "± %s over %d seeds"
                                .formatted(text(seeds.deviation(), ""), seeds.seeds());
        String more =
                seeds.seeds() == 1
                        ? " Chance has no part in the training: one seed is enough."
                        : met && !settled
                                ? " The seeds do not settle it: the 95 %% interval of the mean ends at %s."
                                        .formatted(text(worst, ""))
                                : "";
        return ruling(
                        rule,
                        !met ? unmet(rule) : settled ? Verdict.PASS : Verdict.WARN,
                        new Observed.Figure(seeds.mean(), spread),
                        expected,
                        "%s is %s (expected: %s).%s"
                                .formatted(measure, text(seeds.mean(), spread), expected, more))
                .limit(bound);
    }

    /** Worse than the tolerance allows, and the interval says that chance does not explain it. */
    static Ruling difference(Rule.NotWorseThan rule, Evidence.Difference d) {
        boolean higher = rule.better() == Rule.Better.HIGHER;
        double worse = higher ? d.other() - d.candidate() : d.candidate() - d.other();
        double leastWorse = higher ? -d.high() : d.low();
        String tolerance =
                rule.tolerance() == 0 ? "" : ", give or take " + text(rule.tolerance(), "");
        String expected =
                (higher ? ">= " : "<= ") + text(d.other(), "") + " of " + d.label() + tolerance;
        boolean interval = Double.isFinite(leastWorse);
        boolean met = worse <= rule.tolerance() || interval && leastWorse <= rule.tolerance();
        String sentence =
                worse <= rule.tolerance()
                        ? "%s is %s (expected: %s)."
                                .formatted(d.measure(), text(d.candidate(), ""), expected)
                        : interval
                                ? ("On the same %,d rows the difference of %s lies between %s and"
                                                + " %s in 95 of 100 draws: it %s.")
                                        .formatted(
                                                d.rows(),
                                                d.measure(),
                                                text(d.low(), ""),
                                                text(d.high(), ""),
                                                met ? "may be chance" : "is no chance")
                                : "On the same %,d rows no interval of the difference could be drawn."
                                        .formatted(d.rows());
        return ruling(
                        rule,
                        met ? Verdict.PASS : unmet(rule),
                        new Observed.Figure(d.candidate(), ""),
                        expected,
                        sentence)
                .limit(new Limit(rule.tolerance(), Rule.Better.LOWER));
    }

    static Ruling missing(Rule rule, @Nullable Item item, String what, String expected) {
        return switch (item) {
            case TooLittle(String reason) ->
                    ruling(
                            rule,
                            Verdict.SKIPPED,
                            new Observed.Nothing(),
                            expected,
                            what + " was not measured, because " + reason + ".");
            case Undefined(String reason) ->
                    ruling(
                            rule,
                            Verdict.ERROR,
                            new Observed.Nothing(),
                            expected,
                            what + " is undefined, because " + reason + ".");
            case Measure m ->
                    ruling(
                            rule,
                            Verdict.ERROR,
                            new Observed.Words(text(m.value(), m.unit())),
                            expected,
                            what + " is " + m.value() + " (expected: a finite figure).");
            case Tally _, Difference _, Opinion _, Seeds _ ->
                    ruling(
                            rule,
                            Verdict.ERROR,
                            new Observed.Nothing(),
                            expected,
                            what + " is in the evidence, but not as a figure.");
            case null ->
                    ruling(
                            rule,
                            Verdict.ERROR,
                            new Observed.Nothing(),
                            expected,
                            what + " is not in the evidence.");
        };
    }

    static Verdict unmet(Rule rule) {
        return rule.severity() == Severity.WARN ? Verdict.WARN : Verdict.FAIL;
    }

    private static Observed observed(Measure measure) {
        return Double.isFinite(measure.value())
                ? new Observed.Figure(measure.value(), measure.unit())
                : new Observed.Words(text(measure.value(), measure.unit()));
    }

    static Ruling ruling(
            Rule rule, Verdict verdict, Observed value, String expected, String reason) {
        return new Ruling(rule.gate(), rule.severity(), verdict, value, expected, reason, null);
    }
}
