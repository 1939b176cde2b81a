package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.problem.DidYouMean;
import dev.weir.ml.gate.Rule;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.stats.Metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@code min}, {@code max} and {@code severity} of a rule in a pipeline file mean. */
final class Bounds {
    private Bounds() {}

    /**
     * The rules of one node.
     *
     * @param gate the first part of their names
     * @param item what they look at
     */
    static List<Rule> of(String gate, ConfigNode node, String item) {
        List<Rule> rules = new ArrayList<>();
        node.at("min")
                .ifPresent(
                        n ->
                                rules.add(
                                        new Rule.AtLeast(
                                                gate + ".min", severity(node), item, n.number())));
        node.at("max")
                .ifPresent(
                        n ->
                                rules.add(
                                        new Rule.AtMost(
                                                gate + ".max", severity(node), item, n.number())));
        return rules;
    }

    /** {@code error}, where nothing is said. */
    static Severity severity(ConfigNode node) {
        return node.at("severity").map(n -> Severity.of(n.text())).orElse(Severity.ERROR);
    }

    /**
     * The metric that a key names.
     *
     * @throws dev.weir.base.problem.ProblemException of kind {@code INPUT} where there is none
     */
    static Metric metric(String name, ConfigNode node) {
        return Metric.named(name)
                .orElseThrow(
                        () ->
                                node.problem("metric.unknown", name + ": no such metric")
                                        .at(node.keyPlace())
                                        .hint(
                                                DidYouMean.hint(
                                                        name,
                                                        Arrays.stream(Metric.values())
                                                                .map(Metric::text)
                                                                .sorted()
                                                                .toList()))
                                        .exception());
    }
}
