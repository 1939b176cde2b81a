package dev.weir.base.digest;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON as a tree, by the parser alone: the same tree as {@code JsonMapper} reads, which takes
 * a tenth of a small command's time to begin.
 */
public final class JsonTree {
    private static final JsonFactory PARSERS = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonTree() {}

    /**
     * The value of a text.
     *
     * @throws tools.jackson.core.JacksonException where it is not one JSON value, or nests too deep
     *     (500 levels)
     */
    public static JsonNode read(String json) {
        try (JsonParser parser = PARSERS.createParser(ObjectReadContext.empty(), json)) {
            return whole(parser);
        }
    }

    /** The value of a text in UTF-8; otherwise as of a text. */
    public static JsonNode read(byte[] json) {
        try (JsonParser parser = PARSERS.createParser(ObjectReadContext.empty(), json)) {
            return whole(parser);
        }
    }

    private static JsonNode whole(JsonParser parser) {
        if (parser.nextToken() == null) {
            throw new StreamReadException(parser, "empty (expected: a JSON value)");
        }
        JsonNode value = value(parser);
        if (parser.nextToken() != null) {
            throw new StreamReadException(parser, "more than one value (expected: one)");
        }
        return value;
    }

    private static JsonNode value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.set(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT ->
                    switch (parser.getNumberType()) {
                        case INT -> NODES.numberNode(parser.getIntValue());
                        case LONG -> NODES.numberNode(parser.getLongValue());
                        case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                                NODES.numberNode(parser.getBigIntegerValue());
                    };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new StreamReadException(parser, token + " (expected: a JSON value)");
        };
    }
}
