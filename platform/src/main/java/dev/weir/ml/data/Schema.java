package dev.weir.ml.data;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The columns of a table, in order. No two names are equal, not even but for the case of letters:
 * SQL would not tell them apart.
 */
public record Schema(List<Column> columns) {
    public Schema {
        columns = List.copyOf(columns);
        Set<String> seen = new HashSet<>();
        for (Column column : columns) {
            if (!seen.add(column.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "column " + column.name() + " twice (expected: each name once)");
            }
        }
    }

    /** The names, in order. */
    public List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** The column of exactly this name. */
    public Optional<Column> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /**
     * The column of exactly this name.
     *
     * @throws dev.weir.base.problem.ProblemException where there is none; names those there are
     */
    public Column required(String name) {
        return column(name)
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "table.missing-column",
                                                name
                                                        + ": no such column (found: "
                                                        + String.join(", ", names())
                                                        + ")")
                                        .exception());
    }

    /** {@code {"columns":[{"name":"age","type":"BIGINT"}]}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("columns");
        for (Column column : columns) {
            array.addObject().put("name", column.name()).put("type", column.declared());
        }
        return json;
    }

    /** Reads what {@link #json()} wrote. */
    public static Schema of(JsonNode json) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode column : json.required("columns")) {
            columns.add(
                    Column.of(
                            column.required("name").stringValue(),
                            column.required("type").stringValue()));
        }
        return new Schema(columns);
    }

    /**
     * Refuses names of which two are equal, or differ by the case of letters only.
     *
     * @param file the file that has them, for the message
     * @throws dev.weir.base.problem.ProblemException which names each pair
     */
    public static void refuseDoubles(List<String> names, Path file) {
        Findings findings = new Findings();
        Map<String, Integer> seen = new HashMap<>();
        for (int c = 0; c < names.size(); c++) {
            Integer before = seen.putIfAbsent(names.get(c).toLowerCase(Locale.ROOT), c);
            if (before != null) {
                findings.add(
                        Problem.input(
                                        "table.duplicate-column",
                                        "columns "
                                                + (before + 1)
                                                + " and "
                                                + (c + 1)
                                                + " are both named "
                                                + names.get(c)
                                                + " (expected: each name once, in any case)")
                                .at(Place.of(file, 1))
                                .hint("Rename one, or give all names with names: [...]."));
            }
        }
        findings.refuse();
    }
}
