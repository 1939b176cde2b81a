package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Rule;
import dev.weir.ml.stats.Better;
import dev.weir.ml.stats.Metric;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The gates that a {@code validate:} section asks for. Those of {@code metrics} and {@code
 * calibration} are judged on the evidence of {@link ScoreKind}; every other key is a {@link
 * ModelGate} with a step of its own.
 */
public final class ModelGates {
    /** Keys of the section, and the gate that each stands for. */
    private static final Map<String, Function<ConfigNode, ModelGate>> GATES =
            Map.of(
                    "slices", SliceGate::new,
                    "latency", LatencyGate::new,
                    "footprint", FootprintGate::new,
                    "robustness", RobustnessGate::new,
                    "regression", CasesGate::new);

    private final List<Rule> metricRules = new ArrayList<>();
    private final List<ModelGate> gates = new ArrayList<>();

    /**
     * Reads a section.
     *
     * @throws dev.weir.base.problem.ProblemException of kind {@code INPUT} for a metric that there
     *     is not
     */
    public ModelGates(Optional<ConfigNode> validate) {
        Map<String, ConfigNode> section = validate.map(ConfigNode::entries).orElse(Map.of());
        for (String key : List.of("metrics", "calibration")) {
            if (section.get(key) instanceof ConfigNode metrics) {
                metrics.entries().forEach((name, node) -> metricRules.addAll(metric(name, node)));
            }
        }
        section.forEach(
                (key, node) -> {
                    Function<ConfigNode, ModelGate> gate = GATES.get(key);
                    if (gate != null) {
                        gates.add(gate.apply(node));
                    }
                });
        compared(section).ifPresent(gates::add);
        if (section.get("custom") instanceof ConfigNode custom) {
            custom.entries().forEach((name, node) -> gates.add(new CustomGate(name, node)));
        }
    }

    /** What is held against production, where anything is. */
    private static Optional<ModelGate> compared(Map<String, ConfigNode> section) {
        List<String> metrics = new ArrayList<>();
        if (section.get("metrics") instanceof ConfigNode rules) {
            rules.entries()
                    .forEach(
                            (name, node) -> {
                                if (node.at("not_worse_than").isPresent()) {
                                    metrics.add(name);
                                }
                            });
        }
        Optional<ConfigNode> churn =
                Optional.ofNullable(section.get("regression"))
                        .filter(regression -> regression.at("max_churn").isPresent());
        return metrics.isEmpty() && churn.isEmpty()
                ? Optional.empty()
                : Optional.of(new CompareGate(metrics, churn));
    }

    private static List<Rule> metric(String name, ConfigNode node) {
        Metric metric = Bounds.metric(name, node);
        String gate = "validate." + name;
        List<Rule> rules = new ArrayList<>(Bounds.of(gate, node, name));
        node.at("not_worse_than")
                .ifPresent(
                        n ->
                                rules.add(
                                        new Rule.NotWorseThan(
                                                gate + ".not_worse_than",
                                                Bounds.severity(node),
                                                CompareGate.difference(name),
                                                metric.better() == Better.HIGHER
                                                        ? Rule.Better.HIGHER
                                                        : Rule.Better.LOWER,
                                                node.at("tolerance")
                                                        .map(ConfigNode::number)
                                                        .orElse(0.0))));
        return rules;
    }

    /** The gates that have a step of their own, in the order of the file. */
    public List<ModelGate> gates() {
        return gates;
    }

    /** The rules on the metrics of all held-out rows. */
    public List<Rule> metricRules() {
        return metricRules;
    }

    /**
     * The metrics of {@link ScoreKind}'s evidence as items; one that is undefined, or not of the
     * model's task, is there and says so.
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
                                                        "these rows do not define it")));
        for (Metric metric : Metric.values()) {
            items.putIfAbsent(
                    metric.text(), new Evidence.Undefined("the model's task has no such metric"));
        }
        return items;
    }
}
