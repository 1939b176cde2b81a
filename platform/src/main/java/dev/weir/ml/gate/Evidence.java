package dev.weir.ml.gate;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Optional;

/**
 * What steps measured, as gates see it.
 *
 * @param items by name, for example {@code roc_auc}, {@code latency.p95}, {@code age.min}
 */
public record Evidence(Map<String, Item> items) {
    public Evidence {
        items = Map.copyOf(items);
    }

    /** The item of this name, if it was measured. */
    public Optional<Item> item(String name) {
        return Optional.ofNullable(items.get(name));
    }

    /** The digest of all of it, to be kept beside the verdicts. */
    public Digest digest() {
        return CanonicalJson.digest(json(items));
    }

    private static ObjectNode json(Map<String, Item> items) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        items.forEach(
                (name, item) -> {
                    ObjectNode one = json.putObject(name);
                    switch (item) {
                        case Measure(double value, String unit) ->
                                one.put("measure", Double.toString(value)).put("unit", unit);
                        case Tally(
                                        long offending,
                                        long checked,
                                        String observed,
                                        String expected) ->
                                one.put("offending", offending)
                                        .put("checked", checked)
                                        .put("observed", observed)
                                        .put("expected", expected);
                        case Difference d ->
                                one.put("candidate", Double.toString(d.candidate()))
                                        .put("other", Double.toString(d.other()))
                                        .put("label", d.label())
                                        .put("low", Double.toString(d.low()))
                                        .put("high", Double.toString(d.high()))
                                        .put("rows", d.rows());
                        case Opinion o ->
                                one.put("verdict", o.verdict().word())
                                        .put("value", o.value().text())
                                        .put("expected", o.expected())
                                        .put("reason", o.reason());
                        case Seeds s ->
                                one.put("mean", Double.toString(s.mean()))
                                        .put("deviation", Double.toString(s.deviation()))
                                        .put("half", Double.toString(s.half()))
                                        .put("seeds", s.seeds());
                        case Undefined(String reason) -> one.put("undefined", reason);
                        case TooLittle(String reason) -> one.put("too little", reason);
                    }
                });
        return json;
    }

    /** One thing that was measured, or could not be. */
    public sealed interface Item {}

    /**
     * A figure. NaN and infinities count as undefined.
     *
     * @param value the figure in its unit
     * @param unit as it is shown behind the figure ({@code ms}, {@code MiB}); empty where there is
     *     none
     */
    public record Measure(double value, String unit) implements Item {}

    /**
     * A figure of a model that was trained with several seeds.
     *
     * @param mean over the seeds; finite
     * @param deviation the sample standard deviation over them
     * @param half of the width of the 95 % interval of the mean
     * @param seeds how many; 1 where chance has no part in the training
     */
    public record Seeds(double mean, double deviation, double half, int seeds) implements Item {}

    /**
     * The result of a check that was counted elsewhere, for example an expectation over the rows of
     * a table.
     *
     * @param offending how many rows (or columns) are not as expected; 0 or more
     * @param checked how many were looked at; 0 or more
     * @param observed what was found, for a person: {@code -3}
     * @param expected what was asked for, for a person: {@code >= 0}
     */
    public record Tally(long offending, long checked, String observed, String expected)
            implements Item {}

    /**
     * It could not be measured.
     *
     * @param reason a clause that fits after "because"
     */
    public record Undefined(String reason) implements Item {}

    /**
     * Too little data to measure it, which is nobody's fault.
     *
     * @param reason a clause that fits after "because"
     */
    public record TooLittle(String reason) implements Item {}

    /**
     * A figure of two versions on the same rows.
     *
     * @param measure the name of the figure
     * @param candidate the figure of the candidate
     * @param other that of the other version
     * @param label the other version, for people: {@code income:2 (production)}
     * @param low the lower end of the 95 % interval of candidate less other; NaN where none could
     *     be drawn, and the bare figures decide
     * @param high its upper end
     * @param rows how many both were measured on
     */
    public record Difference(
            String measure,
            double candidate,
            double other,
            String label,
            double low,
            double high,
            long rows)
            implements Item {}

    /**
     * What a program of the team's own judged.
     *
     * @param reason one sentence
     */
    public record Opinion(Verdict verdict, Observed value, String expected, String reason)
            implements Item {}
}
