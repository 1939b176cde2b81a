package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.problem.DidYouMean;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Rule;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.stats.Better;
import dev.weir.ml.stats.Metric;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gates that a {@code validate:} section asks for, and the evidence that they are judged on.
 */
public final class ValidateRules {
    private static final List<String> PERCENTILES = List.of("p50", "p95", "p99");
    private static final double NANOS_PER_MILLI = 1e6;

    private ValidateRules() {}

    /**
     * The rules of a section.
     *
     * @throws dev.weir.base.problem.ProblemException of kind {@code INPUT} for a metric that there
     *     is not
     */
    public static List<Rule> of(ConfigNode validate) {
        List<Rule> rules = new ArrayList<>();
        validate.at("metrics")
                .ifPresent(
                        metrics ->
                                metrics.entries()
                                        .forEach((name, rule) -> rules.addAll(metric(name, rule))));
        validate.at("calibration")
                .ifPresent(
                        calibration ->
                                calibration
                                        .entries()
                                        .forEach((name, rule) -> rules.addAll(metric(name, rule))));
        validate.at("latency").ifPresent(latency -> rules.addAll(latency(latency)));
        return rules;
    }

    private static List<Rule> metric(String name, ConfigNode node) {
        Metric metric =
                Metric.named(name)
                        .orElseThrow(
                                () ->
                                        node.problem("metric.unknown", name + ": no such metric")
                                                .at(node.keyPlace())
                                                .hint(DidYouMean.hint(name, metricNames()))
                                                .exception());
        Severity severity = severity(node);
        String gate = "validate." + name;
        List<Rule> rules = new ArrayList<>();
        node.at("min")
                .ifPresent(
                        n ->
                                rules.add(
                                        new Rule.AtLeast(
                                                gate + ".min", severity, name, n.number())));
        node.at("max")
                .ifPresent(
                        n -> rules.add(new Rule.AtMost(gate + ".max", severity, name, n.number())));
        node.at("not_worse_than")
                .ifPresent(
                        n ->
                                rules.add(
                                        new Rule.NotWorseThan(
                                                gate + ".not_worse_than",
                                                severity,
                                                name,
                                                metric.better() == Better.HIGHER
                                                        ? Rule.Better.HIGHER
                                                        : Rule.Better.LOWER,
                                                n.text(),
                                                node.at("tolerance")
                                                        .map(ConfigNode::number)
                                                        .orElse(0.0))));
        return rules;
    }

    private static List<String> metricNames() {
        return Arrays.stream(Metric.values()).map(Metric::text).sorted().toList();
    }

    private static List<Rule> latency(ConfigNode node) {
        List<Rule> rules = new ArrayList<>();
        for (String percentile : PERCENTILES) {
            node.at(percentile)
                    .ifPresent(
                            bound ->
                                    rules.add(
                                            new Rule.AtMost(
                                                    "validate.latency." + percentile,
                                                    severity(node),
                                                    "latency." + percentile,
                                                    bound.duration().toNanos() / NANOS_PER_MILLI)));
        }
        return rules;
    }

    private static Severity severity(ConfigNode node) {
        return node.at("severity").map(n -> Severity.of(n.text())).orElse(Severity.ERROR);
    }

    /**
     * The metrics of {@link ScoreKind}'s evidence as items; an undefined one is there and says so.
     */
    public static Map<String, Evidence.Item> metrics(JsonNode scored) {
        Map<String, Evidence.Item> items = new HashMap<>();
        scored.path("metrics")
                .properties()
                .forEach(
                        e ->
                                items.put(
                                        e.getKey(),
                                        e.getValue().isNumber()
                                                ? new Evidence.Measure(
                                                        e.getValue().doubleValue(), "")
                                                : new Evidence.Undefined(
                                                        "it is undefined on these rows")));
        return items;
    }

    /** The percentiles of {@link LatencyKind}'s evidence as items. */
    public static Map<String, Evidence.Item> latencies(Optional<JsonNode> timed) {
        Map<String, Evidence.Item> items = new HashMap<>();
        timed.ifPresent(
                json -> {
                    for (String percentile : PERCENTILES) {
                        items.put(
                                "latency." + percentile,
                                new Evidence.Measure(json.path(percentile).doubleValue(), "ms"));
                    }
                });
        return items;
    }
}
