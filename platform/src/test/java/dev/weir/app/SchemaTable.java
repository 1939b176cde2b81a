package dev.weir.app;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** A JSON Schema of a YAML file as a table of its keys, for people. */
final class SchemaTable {
    private final JsonNode schema;
    private final List<Row> rows = new ArrayList<>();

    private SchemaTable(JsonNode schema) {
        this.schema = schema;
    }

    /**
     * A key.
     *
     * @param key from the top, {@code train.holdout.fraction}; a name that the file chooses is in
     *     capitals
     */
    record Row(String key, String type, String standard, String meaning) {}

    static List<Row> rows(JsonNode schema) {
        SchemaTable table = new SchemaTable(schema);
        table.keys("", schema);
        return table.rows;
    }

    static String markdown(List<Row> rows) {
        StringBuilder text =
                new StringBuilder("| key | takes | default | what it is |\n|---|---|---|---|\n");
        for (Row row : rows) {
            text.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(row.key(), row.type(), row.standard(), row.meaning()));
        }
        return text.toString();
    }

    private void keys(String above, JsonNode node) {
        node.path("properties")
                .properties()
                .forEach(e -> key(above + e.getKey(), e.getKey(), node, e.getValue()));
        JsonNode others = node.path("additionalProperties");
        if (others.isObject()) {
            String name = above + (above.equals("validate.metrics.") ? "METRIC" : "NAME");
            key(name, "", node, others);
        }
    }

    private void key(String path, String name, JsonNode parent, JsonNode written) {
        JsonNode node = resolved(written);
        String meaning = text(written, "description");
        if (meaning.isEmpty()) {
            meaning = text(node, "description");
        }
        boolean required =
                StreamSupport.stream(parent.path("required").spliterator(), false)
                        .anyMatch(r -> r.stringValue().equals(name));
        JsonNode standard = written.has("default") ? written.path("default") : node.path("default");
        if (!path.endsWith("NAME") && !path.endsWith("METRIC") || !node.has("properties")) {
            rows.add(
                    new Row(
                            path,
                            takes(node),
                            required
                                    ? "needed"
                                    : standard.isMissingNode() ? "" : "`" + shown(standard) + "`",
                            meaning.replace("|", "\\|")));
        }
        keys(path + ".", node);
        keys(path + "[].", resolved(node.path("items")));
    }

    private JsonNode resolved(JsonNode node) {
        String ref = text(node, "$ref");
        return ref.isEmpty() ? node : schema.at(ref.substring(1));
    }

    private String takes(JsonNode node) {
        if (node.has("enum")) {
            return String.join(
                    ", ",
                    StreamSupport.stream(node.path("enum").spliterator(), false)
                            .map(v -> "`" + v.asString() + "`")
                            .toList());
        }
        JsonNode type = node.path("type");
        Set<String> said = new java.util.LinkedHashSet<>();
        if (type.isArray()) {
            type.forEach(t -> said.add(word(t.stringValue())));
        } else {
            said.add(word(type.asString("")));
        }
        return String.join(" or ", said) + range(node);
    }

    private static String word(String type) {
        return switch (type) {
            case "string" -> "text";
            case "array" -> "a list";
            case "object" -> "a mapping";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "null" -> "nothing";
            default -> throw new IllegalArgumentException("no word for the type " + type);
        };
    }

    private static String range(JsonNode node) {
        List<String> bounds = new ArrayList<>();
        bound(node, "exclusiveMinimum", "above ", bounds);
        bound(node, "minimum", "at least ", bounds);
        bound(node, "exclusiveMaximum", "below ", bounds);
        bound(node, "maximum", "at most ", bounds);
        return bounds.isEmpty() ? "" : ", " + String.join(", ", bounds);
    }

    private static void bound(JsonNode node, String key, String words, List<String> bounds) {
        if (node.has(key)) {
            bounds.add(words + shown(node.path(key)));
        }
    }

    private static String shown(JsonNode value) {
        return value.isString() && !value.stringValue().isEmpty()
                ? value.stringValue()
                : value.toString();
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }
}
