package dev.weir.ml.gate;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The rulings of all gates of one transition, in the order of their rules.
 *
 * @param rulings empty where nothing is demanded, which passes
 */
public record GateReport(List<Ruling> rulings) {
    private static final String GONE = "nothing any more";

    public GateReport {
        rulings = List.copyOf(rulings);
    }

    /** Judges every rule on the evidence. */
    public static GateReport judge(List<? extends Rule> rules, Evidence evidence) {
        return new GateReport(rules.stream().map(rule -> rule.judge(evidence)).toList());
    }

    /**
     * This report, with what is asked for less than it was of an earlier version marked as relaxed;
     * a gate that is gone is there as skipped.
     *
     * @param of the earlier version: {@code income:2}
     */
    public GateReport since(GateReport earlier, String of) {
        Map<String, Ruling> before = new LinkedHashMap<>();
        earlier.rulings.stream()
                .filter(ruling -> !ruling.expected().equals(GONE))
                .forEach(ruling -> before.put(ruling.gate(), ruling));
        List<Ruling> marked = new ArrayList<>();
        for (Ruling ruling : rulings) {
            Ruling asked = before.remove(ruling.gate());
            marked.add(asked == null ? ruling : ruling.since(asked, of));
        }
        before.values().forEach(gone -> marked.add(gone(gone, of)));
        return new GateReport(marked);
    }

    private static Ruling gone(Ruling ruling, String of) {
        String asked = of + " was asked for " + ruling.expected();
        return new Ruling(
                ruling.gate(),
                ruling.severity(),
                Verdict.SKIPPED,
                new Observed.Nothing(),
                GONE,
                "Nobody asks for it any more; " + asked + ".",
                null,
                null,
                asked);
    }

    /**
     * Whether the work goes on: no rule that stops failed or could not be evaluated. Warnings and
     * skipped gates let it through.
     */
    public boolean passed() {
        return rulings.stream().noneMatch(Ruling::stops);
    }

    /** The rulings that stop the work. */
    public List<Ruling> stopping() {
        return rulings.stream().filter(Ruling::stops).toList();
    }

    /** This report followed by another. */
    public GateReport and(GateReport other) {
        return new GateReport(Stream.concat(rulings.stream(), other.rulings.stream()).toList());
    }

    /** An array of {@link Ruling#json()}. */
    public ArrayNode json() {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        rulings.forEach(ruling -> array.add(ruling.json()));
        return array;
    }
}
