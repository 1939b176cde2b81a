package dev.weir.stage.train.search;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Task;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a sweep may try: of each named hyper-parameter a range. A range is {@code {int: [3, 10]}},
 * {@code {real: [0.5, 1]}}, {@code {log: [0.01, 0.3]}} (each order of magnitude as likely as the
 * next), {@code {log_int: [10, 1000]}}, or a list of values.
 *
 * @param ranges by name, sorted: the order of the file decides nothing
 */
public record SearchSpace(SortedMap<String, Range> ranges) {
    /** What decides how a model is trained, and is no thing to search. */
    private static final Map<String, String> NOT_SEARCHED =
            Map.of(
                    "seed", "the luckiest seed is no better model; sweep.seeds shows the spread",
                    "nthread", "trials use one thread each",
                    "monotone", "it says what is true of the world");

    public SearchSpace {
        ranges = Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
    }

    /**
     * Reads {@code sweep.space}.
     *
     * @param task null where it is not known yet
     * @throws ProblemException (INPUT) with every parameter that the trainer does not have, range
     *     that is empty or has one value, and end that the trainer does not take; each with its
     *     place
     */
    static SearchSpace of(ConfigNode space, Trainer trainer, @Nullable Task task) {
        List<Problem> problems = new ArrayList<>();
        SortedMap<String, Range> ranges = new TreeMap<>();
        List<String> known =
                List.copyOf(
                        TrainerParameters.of(trainer, JsonNodeFactory.instance.objectNode(), task)
                                .values()
                                .propertyNames());
        space.entries()
                .forEach(
                        (name, node) -> {
                            if (NOT_SEARCHED.get(name) instanceof String why) {
                                problems.add(
                                        Problem.input(
                                                        "sweep.parameter",
                                                        node.path() + ": nothing to search in")
                                                .at(node.keyPlace())
                                                .hint("Take it out: " + why + "."));
                                return;
                            }
                            try {
                                Range range = range(node);
                                checkEnds(name, node, range, trainer, task, known);
                                ranges.put(name, range);
                            } catch (ProblemException e) {
                                problems.addAll(e.problems());
                            }
                        });
        if (problems.isEmpty() && ranges.isEmpty()) {
            problems.add(
                    Problem.input(
                                    "sweep.nothing",
                                    space.path()
                                            + ": nothing to search (expected: at least one"
                                            + " parameter)")
                            .at(space.keyPlace())
                            .hint("For example: space: {" + example(trainer) + "}"));
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new SearchSpace(ranges);
    }

    /** What a space may look like, on one line. */
    public static String example(Trainer trainer) {
        return switch (trainer) {
            case XGBOOST -> "max_depth: {int: [3, 10]}, eta: {log: [0.01, 0.3]}";
            case FOREST -> "max_depth: {int: [6, 20]}, colsample_bynode: {real: [0.2, 1]}";
            case LINEAR -> "l2: {log: [0.01, 100]}";
        };
    }

    private static Range range(ConfigNode node) {
        if (node.json().isArray()) {
            return choice(node);
        }
        Map.Entry<String, ConfigNode> only = node.entries().entrySet().iterator().next();
        ConfigNode ends = only.getValue();
        return switch (only.getKey()) {
            case "choice" -> choice(ends);
            case "int", "log_int" -> whole(ends, only.getKey().equals("log_int"));
            default -> real(ends, only.getKey().equals("log"));
        };
    }

    private static Range choice(ConfigNode list) {
        Set<JsonNode> values = new LinkedHashSet<>();
        list.json().forEach(values::add);
        if (values.size() < list.json().size()) {
            throw list.problem(
                            "sweep.range",
                            list.path()
                                    + ": "
                                    + list.json()
                                    + " names a value twice (expected: different values)")
                    .exception();
        }
        if (values.size() < 2) {
            throw one(list, list.json().toString());
        }
        return new Range.Choice(List.copyOf(values));
    }

    private static Range whole(ConfigNode ends, boolean logarithmic) {
        long min = ends.items().getFirst().whole();
        long max = ends.items().getLast().whole();
        checkOrder(ends, min, max, "" + min, "" + max, logarithmic);
        return new Range.Whole(min, max, logarithmic);
    }

    private static Range real(ConfigNode ends, boolean logarithmic) {
        double min = ends.items().getFirst().number();
        double max = ends.items().getLast().number();
        checkOrder(
                ends,
                min,
                max,
                ends.items().getFirst().text(),
                ends.items().getLast().text(),
                logarithmic);
        return new Range.Real(min, max, logarithmic);
    }

    private static void checkOrder(
            ConfigNode ends, double min, double max, String low, String high, boolean log) {
        if (min > max) {
            throw ends.problem(
                            "sweep.range",
                            "%s: [%s, %s] (expected: the smaller first)"
                                    .formatted(ends.path(), low, high))
                    .hint("Did you mean [" + high + ", " + low + "]?")
                    .exception();
        }
        if (min == max) {
            throw one(ends, "[" + low + ", " + high + "]");
        }
        if (log && min <= 0) {
            throw ends.problem(
                            "sweep.range",
                            "%s: [%s, %s] (expected: above 0, where orders of magnitude count)"
                                    .formatted(ends.path(), low, high))
                    .exception();
        }
    }

    private static ProblemException one(ConfigNode node, String shown) {
        return node.problem(
                        "sweep.one",
                        node.path() + ": " + shown + " is one value (expected: two or more)")
                .hint("What is not searched stands in the file outside sweep:.")
                .exception();
    }

    /** Where the trainer takes both ends it takes what lies between. */
    private static void checkEnds(
            String name,
            ConfigNode node,
            Range range,
            Trainer trainer,
            @Nullable Task task,
            List<String> known) {
        for (JsonNode end : range.ends()) {
            try {
                TrainerParameters.of(
                        trainer, JsonNodeFactory.instance.objectNode().set(name, end), task);
            } catch (ProblemException e) {
                Problem first = e.problems().getFirst();
                String hint =
                        first.hint() == null && !known.contains(name)
                                ? DidYouMean.hint(name, known)
                                : first.hint();
                throw new Problem(
                                first.kind(),
                                first.code(),
                                "sweep.space." + first.message(),
                                node.keyPlace(),
                                hint)
                        .exception();
            }
        }
        if (range instanceof Range.Real && isWhole(name, trainer, task)) {
            throw node.problem(
                            "sweep.range",
                            node.path()
                                    + ": numbers (expected: whole ones, for "
                                    + name
                                    + " is one)")
                    .hint("Say int: or log_int:.")
                    .exception();
        }
    }

    private static boolean isWhole(String name, Trainer trainer, @Nullable Task task) {
        try {
            JsonNode half = JsonNodeFactory.instance.objectNode().put(name, 0.5);
            TrainerParameters.of(trainer, half, task);
            return false;
        } catch (ProblemException e) {
            return e.problems().getFirst().message().contains("a whole number");
        }
    }

    /** How many configurations there are; {@link Range#MANY} where none can be counted. */
    long configurations() {
        long all = 1;
        for (Range range : ranges.values()) {
            if (range.values() == Range.MANY || all > Integer.MAX_VALUE) {
                return Range.MANY;
            }
            all *= range.values();
        }
        return all;
    }
}
