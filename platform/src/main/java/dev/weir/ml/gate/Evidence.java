package dev.weir.ml.gate;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What steps measured, as gates see it.
 *
 * @param items by name, for example {@code roc_auc}, {@code latency.p95}, {@code age.min}
 * @param references what the candidate is compared with, by the word that a rule uses for it:
 *     {@code production}; a word without an entry has nothing to compare with
 */
public record Evidence(Map<String, Item> items, Map<String, Reference> references) {
    public Evidence {
        items = Map.copyOf(items);
        references = Map.copyOf(references);
    }

    /** Evidence with nothing to compare with. */
    public static Evidence of(Map<String, Item> items) {
        return new Evidence(items, Map.of());
    }

    /** The same evidence, with something to compare with. */
    public Evidence with(String word, Reference reference) {
        Map<String, Reference> all = new HashMap<>(references);
        all.put(word, reference);
        return new Evidence(items, all);
    }

    /** The item of this name, if it was measured. */
    public Optional<Item> item(String name) {
        return Optional.ofNullable(items.get(name));
    }

    /** The digest of all of it, to be kept beside the verdicts. */
    public Digest digest() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("items", json(items));
        ObjectNode others = json.putObject("references");
        references.forEach(
                (word, reference) ->
                        others.putObject(word)
                                .put("label", reference.label())
                                .set("items", json(reference.items())));
        return CanonicalJson.digest(json);
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
     * What a candidate is compared with.
     *
     * @param label for people: {@code income:2 (production)}
     * @param items measured in the same way as the candidate's
     */
    public record Reference(String label, Map<String, Item> items) {
        public Reference {
            items = Map.copyOf(items);
        }

        @Nullable Item item(String name) {
            return items.get(name);
        }
    }
}
