package dev.weir.ml.gate;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer of one gate.
 *
 * @param gate its name: stage, what it looks at, rule ({@code validate.roc_auc.min})
 * @param severity what it means that the rule is not met
 * @param verdict the answer
 * @param value what it looked at
 * @param expected what the rule demands, for people: {@code >= 0.9}
 * @param reason one sentence, with the value and what was expected
 * @param hint what to do, where that is known
 * @param limit the rule's bound, where it has one
 * @param relaxed what the version before was asked for, where this one is asked for less
 */
public record Ruling(
        String gate,
        Severity severity,
        Verdict verdict,
        Observed value,
        String expected,
        String reason,
        @Nullable String hint,
        @Nullable Limit limit,
        @Nullable String relaxed) {

    /** A ruling without a bound, or of one that is not compared with another. */
    public Ruling(
            String gate,
            Severity severity,
            Verdict verdict,
            Observed value,
            String expected,
            String reason,
            @Nullable String hint) {
        this(gate, severity, verdict, value, expected, reason, hint, null, null);
    }

    /**
     * Whether the work stops here: {@code fail} or {@code error} of a rule that does not only warn.
     */
    public boolean stops() {
        return severity == Severity.ERROR
                && switch (verdict) {
                    case FAIL, ERROR -> true;
                    case PASS, WARN, SKIPPED -> false;
                };
    }

    /** The same ruling, with what to do. */
    public Ruling hint(@Nullable String whatToDo) {
        return new Ruling(
                gate, severity, verdict, value, expected, reason, whatToDo, limit, relaxed);
    }

    /** The same ruling, of a rule with a bound. */
    public Ruling limit(@Nullable Limit bound) {
        return new Ruling(gate, severity, verdict, value, expected, reason, hint, bound, relaxed);
    }

    /**
     * The same ruling, marked where it asks for less than an earlier one of the same gate did: by
     * its bound, or because it only warns.
     *
     * @param earlier the ruling on the version before
     * @param of that version: {@code income:2}
     */
    Ruling since(Ruling earlier, String of) {
        boolean warns = severity == Severity.WARN && earlier.severity == Severity.ERROR;
        boolean easier = limit != null && earlier.limit != null && limit.easierThan(earlier.limit);
        if (!warns && !easier) {
            return this;
        }
        String asked =
                of + " was asked for " + earlier.expected + (warns ? ", and stopped by it" : "");
        return new Ruling(gate, severity, verdict, value, expected, reason, hint, limit, asked);
    }

    /** {@code validate.roc_auc.min: 0.87 (expected: >= 0.9)}. */
    public String line() {
        return gate + ": " + value.text() + " (expected: " + expected + ")";
    }

    /**
     * {@code {"gate","verdict","value","unit","expected","severity","reason","hint","relaxed"}}.
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("gate", gate);
        json.put("verdict", verdict.word());
        switch (value) {
            case Observed.Figure figure -> {
                json.put("value", figure.number());
                if (!figure.unit().isEmpty()) {
                    json.put("unit", figure.unit());
                }
            }
            case Observed.Words words -> json.put("value", words.words());
            case Observed.Nothing ignored -> json.putNull("value");
        }
        json.put("expected", expected);
        json.put("severity", severity.word());
        json.put("reason", reason);
        if (hint != null) {
            json.put("hint", hint);
        }
        if (relaxed != null) {
            json.put("relaxed", relaxed);
        }
        return json;
    }
}
