package dev.weir.stage.train.parameter;

import dev.weir.base.problem.Problem;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/**
 * One hyper-parameter: what it may be, and what it is where nobody says.
 *
 * @param min of a number
 * @param max of a number
 * @param choices of a text
 */
record ParameterRow(
        String name, Sort sort, double min, double max, List<String> choices, JsonNode standard) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** As good as without an upper bound. */
    static final double BIG = 1e9;

    /** As good as above 0. */
    static final double TINY = 1e-6;

    /** What a value is. */
    enum Sort {
        WHOLE,
        REAL,
        CHOICE,
        /** A mapping of columns to 1 (the prediction never falls as the column rises) or -1. */
        DIRECTIONS
    }

    static ParameterRow whole(String name, long min, long max, long standard) {
        return new ParameterRow(name, Sort.WHOLE, min, max, List.of(), NODES.numberNode(standard));
    }

    static ParameterRow real(String name, double min, double max, double standard) {
        return new ParameterRow(name, Sort.REAL, min, max, List.of(), NODES.numberNode(standard));
    }

    /** The first choice is the default. */
    static ParameterRow choice(String name, String... choices) {
        return new ParameterRow(
                name, Sort.CHOICE, 0, 0, List.of(choices), NODES.stringNode(choices[0]));
    }

    static ParameterRow directions(String name) {
        return new ParameterRow(name, Sort.DIRECTIONS, 0, 0, List.of(), NODES.objectNode());
    }

    /** Takes a person's value, or says what is wrong with it. */
    void check(JsonNode value, ObjectNode values, List<Problem> problems) {
        boolean right =
                switch (sort) {
                    case WHOLE ->
                            inRange(value) && value.doubleValue() == Math.rint(value.doubleValue());
                    case REAL -> inRange(value);
                    case CHOICE -> value.isString() && choices.contains(value.stringValue());
                    case DIRECTIONS ->
                            value.isObject()
                                    && value.properties().stream()
                                            .map(Map.Entry::getValue)
                                            .allMatch(
                                                    each ->
                                                            each.isNumber()
                                                                    && Math.abs(each.doubleValue())
                                                                            == 1);
                };
        if (!right) {
            problems.add(
                    Problem.input(
                            "train.parameter",
                            name + ": " + value + " (expected: " + expected() + ")"));
            return;
        }
        switch (sort) {
            case WHOLE -> values.put(name, value.longValue());
            case REAL -> values.put(name, value.doubleValue());
            case CHOICE -> values.put(name, value.stringValue());
            case DIRECTIONS -> {
                ObjectNode directions = values.putObject(name);
                value.forEachEntry((column, each) -> directions.put(column, each.intValue()));
            }
        }
    }

    private boolean inRange(JsonNode value) {
        return value.isNumber() && value.doubleValue() >= min && value.doubleValue() <= max;
    }

    private String expected() {
        return switch (sort) {
            case WHOLE -> "a whole number, " + range();
            case REAL -> "a number, " + range();
            case CHOICE -> String.join(" or ", choices);
            case DIRECTIONS -> "a mapping of columns to 1 or -1";
        };
    }

    private String range() {
        String from = min == TINY ? "above 0" : min == Math.rint(min) ? "" + (long) min : "" + min;
        String to = max == BIG ? "1e9" : max == Math.rint(max) ? "" + (long) max : "" + max;
        return from + " to " + to;
    }
}
