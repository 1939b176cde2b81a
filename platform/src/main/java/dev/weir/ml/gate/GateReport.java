package dev.weir.ml.gate;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.List;
import java.util.stream.Stream;

/**
 * The rulings of all gates of one transition, in the order of their rules.
 *
 * @param rulings empty where nothing is demanded, which passes
 */
public record GateReport(List<Ruling> rulings) {
    public GateReport {
        rulings = List.copyOf(rulings);
    }

    /** Judges every rule on the evidence. */
    public static GateReport judge(List<? extends Rule> rules, Evidence evidence) {
        return new GateReport(rules.stream().map(rule -> rule.judge(evidence)).toList());
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
