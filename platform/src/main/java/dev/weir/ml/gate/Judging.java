package dev.weir.ml.gate;

import static dev.weir.ml.gate.Figures.text;

import dev.weir.ml.gate.Evidence.Item;
import dev.weir.ml.gate.Evidence.Measure;
import dev.weir.ml.gate.Evidence.Tally;
import dev.weir.ml.gate.Evidence.TooLittle;
import dev.weir.ml.gate.Evidence.Undefined;

import org.jspecify.annotations.Nullable;

/** How rules become rulings. */
final class Judging {
    private Judging() {}

    static Ruling bound(
            Rule rule, Evidence evidence, String measure, Rule.Better better, double limit) {
        String unit = evidence.item(measure).orElse(null) instanceof Measure m ? m.unit() : "";
        String expected = (better == Rule.Better.HIGHER ? ">= " : "<= ") + text(limit, unit);
        return bound(rule, evidence, measure, better, limit, expected);
    }

    static Ruling bound(
            Rule rule,
            Evidence evidence,
            String measure,
            Rule.Better better,
            double limit,
            String expected) {
        Item item = evidence.item(measure).orElse(null);
        if (!(item instanceof Measure(double value, String unit)) || !Double.isFinite(value)) {
            return missing(rule, item, measure, expected);
        }
        boolean met = better == Rule.Better.HIGHER ? value >= limit : value <= limit;
        String sentence = measure + " is " + text(value, unit) + " (expected: " + expected + ").";
        return ruling(rule, met ? Verdict.PASS : unmet(rule), observed(item), expected, sentence);
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
            case Tally ignored ->
                    ruling(
                            rule,
                            Verdict.ERROR,
                            new Observed.Nothing(),
                            expected,
                            what + " is a count (expected: a figure).");
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

    static Observed observed(@Nullable Item item) {
        return switch (item) {
            case Measure m when Double.isFinite(m.value()) ->
                    new Observed.Figure(m.value(), m.unit());
            case Measure m -> new Observed.Words(text(m.value(), m.unit()));
            case Tally t -> new Observed.Words(t.observed());
            case Undefined ignored -> new Observed.Nothing();
            case TooLittle ignored -> new Observed.Nothing();
            case null -> new Observed.Nothing();
        };
    }

    static Ruling ruling(
            Rule rule, Verdict verdict, Observed value, String expected, String reason) {
        return new Ruling(rule.gate(), rule.severity(), verdict, value, expected, reason, null);
    }
}
