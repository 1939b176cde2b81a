package dev.weir.ml.data.log;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.JsonTree;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * What a row of bytes means.
 *
 * @param constants columns that have one value in all rows of this layout, written once
 * @param columns the values of a row, in the order of its bytes
 */
public record Layout(List<Constant> constants, List<LogColumn> columns) {
    /**
     * A column of one value.
     *
     * @param text the value as text; a number as {@link Double#toString(double)} writes it
     */
    public record Constant(LogColumn column, String text) {}

    public Layout {
        constants = List.copyOf(constants);
        columns = List.copyOf(columns);
    }

    byte[] bytes() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode fixed = json.putArray("constants");
        constants.forEach(c -> node(fixed.addObject(), c.column()).put("value", c.text()));
        ArrayNode varying = json.putArray("columns");
        columns.forEach(c -> node(varying.addObject(), c));
        return CanonicalJson.bytes(json);
    }

    private static ObjectNode node(ObjectNode node, LogColumn column) {
        return node.put("name", column.name()).put("kind", column.kind().word());
    }

    static Layout of(byte[] bytes) {
        JsonNode json = JsonTree.read(bytes);
        List<Constant> constants = new ArrayList<>();
        for (JsonNode node : json.required("constants")) {
            constants.add(new Constant(column(node), node.required("value").stringValue()));
        }
        List<LogColumn> columns = new ArrayList<>();
        json.required("columns").forEach(node -> columns.add(column(node)));
        return new Layout(constants, columns);
    }

    private static LogColumn column(JsonNode node) {
        return new LogColumn(
                node.required("name").stringValue(),
                LogColumn.Kind.of(node.required("kind").stringValue()));
    }
}
