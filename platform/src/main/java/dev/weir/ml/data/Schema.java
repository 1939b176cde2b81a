package dev.weir.ml.data;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
}
