package dev.weir.pipeline;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** A DAG of nodes, in an order in which each stands after all that it needs. */
public final class Pipeline {
    private final String name;
    private final Map<String, Node> nodes;

    private Pipeline(String name, Map<String, Node> nodes) {
        this.name = name;
        this.nodes = nodes;
    }

    /**
     * Checks and orders the nodes.
     *
     * @throws dev.weir.base.problem.ProblemException of kind {@code INPUT}: two nodes of one name,
     *     a need that does not exist, a cycle
     */
    public static Pipeline of(String name, List<? extends Node> nodes) {
        return of(name, nodes, node -> null);
    }

    /**
     * Checks and orders the nodes.
     *
     * @param places where a person wrote the node of a name, for problems; null where nobody did
     */
    public static Pipeline of(
            String name, List<? extends Node> nodes, Function<String, @Nullable Place> places) {
        Map<String, Node> byName = new LinkedHashMap<>();
        for (Node node : nodes) {
            if (byName.put(node.name(), node) != null) {
                throw Problem.input("pipeline.name", "two steps are called " + node.name())
                        .at(places.apply(node.name()))
                        .exception();
            }
        }
        for (Node node : nodes) {
            for (String need : node.needs()) {
                requireKnown(node, need, byName, places);
            }
        }
        return new Pipeline(name, ordered(byName, places));
    }

    private static void requireKnown(
            Node node,
            String need,
            Map<String, Node> byName,
            Function<String, @Nullable Place> places) {
        if (!byName.containsKey(need)) {
            throw Problem.input("pipeline.need", node.name() + ": no step is called " + need)
                    .at(places.apply(node.name()))
                    .hint(DidYouMean.hint(need, byName.keySet()))
                    .exception();
        }
        if (node instanceof Step step && byName.get(need) instanceof Step giver) {
            for (Input input : step.inputs().values()) {
                if (input instanceof Input.FromStep from
                        && from.step().equals(need)
                        && !giver.outputs().containsKey(from.output())) {
                    throw Problem.input(
                                    "pipeline.output",
                                    "%s: %s gives no %s"
                                            .formatted(node.name(), need, from.output()))
                            .at(places.apply(node.name()))
                            .hint(DidYouMean.hint(from.output(), giver.outputs().keySet()))
                            .exception();
                }
            }
        }
    }

    /** Kahn's algorithm; nodes that are free at the same time keep the order they were given in. */
    private static Map<String, Node> ordered(
            Map<String, Node> byName, Function<String, @Nullable Place> places) {
        Map<String, Integer> missing = new HashMap<>();
        Map<String, List<String>> unlocks = new HashMap<>();
        Deque<String> free = new ArrayDeque<>();
        for (Node node : byName.values()) {
            Set<String> needs = node.needs();
            missing.put(node.name(), needs.size());
            needs.forEach(n -> unlocks.computeIfAbsent(n, k -> new ArrayList<>()).add(node.name()));
            if (needs.isEmpty()) {
                free.add(node.name());
            }
        }
        Map<String, Node> ordered = new LinkedHashMap<>();
        while (!free.isEmpty()) {
            String next = free.poll();
            ordered.put(next, node(byName, next));
            for (String unlocked : unlocks.getOrDefault(next, List.of())) {
                if (missing.merge(unlocked, -1, Integer::sum) == 0) {
                    free.add(unlocked);
                }
            }
        }
        if (ordered.size() < byName.size()) {
            throw cycle(byName, ordered.keySet(), places);
        }
        return ordered;
    }

    private static RuntimeException cycle(
            Map<String, Node> byName, Set<String> done, Function<String, @Nullable Place> places) {
        String at =
                byName.keySet().stream().filter(n -> !done.contains(n)).findFirst().orElseThrow();
        Set<String> path = new LinkedHashSet<>();
        while (path.add(at)) {
            at =
                    node(byName, at).needs().stream()
                            .filter(n -> !done.contains(n))
                            .findFirst()
                            .orElseThrow();
        }
        List<String> loop = new ArrayList<>(path);
        loop = new ArrayList<>(loop.subList(loop.indexOf(at), loop.size()));
        loop.add(at);
        return Problem.input("pipeline.cycle", "a cycle: " + String.join(" needs ", loop))
                .at(loop.stream().map(places).filter(Objects::nonNull).findFirst().orElse(null))
                .hint("Steps must not need each other; take one of these inputs from elsewhere.")
                .exception();
    }

    private static Node node(Map<String, Node> byName, String name) {
        Node node = byName.get(name);
        if (node == null) {
            throw new IllegalArgumentException("node: " + name);
        }
        return node;
    }

    /** The pipeline's name. */
    public String name() {
        return name;
    }

    /** All nodes, each after all that it needs. */
    public List<Node> nodes() {
        return List.copyOf(nodes.values());
    }

    /** The steps among them. */
    public List<Step> steps() {
        return nodes.values().stream()
                .filter(Step.class::isInstance)
                .map(Step.class::cast)
                .toList();
    }

    /** A node by name, or a problem that names the ones there are. */
    public Node node(String wanted) {
        Node node = nodes.get(wanted);
        if (node == null) {
            throw Problem.input("pipeline.step", "no step is called " + wanted)
                    .hint(DidYouMean.hint(wanted, nodes.keySet()))
                    .exception();
        }
        return node;
    }

    /** The pipeline of these nodes and all that they need. */
    public Pipeline upTo(Set<String> targets) {
        Set<String> wanted = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(targets);
        while (!open.isEmpty()) {
            String next = open.poll();
            if (wanted.add(next)) {
                open.addAll(node(next).needs());
            }
        }
        Map<String, Node> part = new LinkedHashMap<>(nodes);
        part.keySet().retainAll(wanted);
        return new Pipeline(name, part);
    }

    /** These nodes and all that stand after them. */
    public Set<String> from(String start) {
        node(start);
        Set<String> reached = new HashSet<>(Set.of(start));
        for (Node node : nodes.values()) {
            if (node.needs().stream().anyMatch(reached::contains)) {
                reached.add(node.name());
            }
        }
        return reached;
    }
}
