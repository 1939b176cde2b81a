package dev.weir.base.config;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Holds a file against its published schema and tells what is wrong in Weir's own words. */
final class SchemaCheck {
    private final SchemaRegistry registry =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<ConfigSchema, Schema> schemas = new EnumMap<>(ConfigSchema.class);

    List<Problem> problems(ConfigNode root, ConfigSchema which) {
        Schema schema = schemas.computeIfAbsent(which, this::load);
        List<Problem> problems = new ArrayList<>();
        for (Error error : schema.validate(root.json())) {
            problems.add(problem(schema.getSchemaNode(), root, error));
        }
        problems.sort(Comparator.comparing(SchemaCheck::line).thenComparing(SchemaCheck::column));
        return problems.stream().distinct().toList();
    }

    private static int line(Problem problem) {
        Place place = problem.place();
        return place == null ? 0 : place.line();
    }

    private static int column(Problem problem) {
        Place place = problem.place();
        return place == null ? 0 : place.column();
    }

    private Schema load(ConfigSchema which) {
        try (InputStream in = SchemaCheck.class.getResourceAsStream(which.resource())) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + which.resource());
            }
            return registry.getSchema(in, InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Problem problem(JsonNode schema, ConfigNode root, Error error) {
        ConfigNode node = root;
        for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
            node = child(node, String.valueOf(error.getInstanceLocation().getElement(i)));
        }
        String property = error.getProperty();
        if ("additionalProperties".equals(error.getKeyword()) && property != null) {
            return unknownKey(schema, node, property, error);
        }
        if ("required".equals(error.getKeyword()) && property != null) {
            String path = node.path().isEmpty() ? property : node.path() + "." + property;
            return Problem.input("config.missing", path + ": missing").at(node.place());
        }
        JsonNode value = node.json();
        String shown = value.isContainer() ? "" : " " + node.text();
        return Problem.input(
                        "config." + error.getKeyword(),
                        node.path() + ":" + shown + " (expected: " + expected(error) + ")")
                .at(node.place());
    }

    private static ConfigNode child(ConfigNode node, String name) {
        if (node.json().isArray()) {
            return node.items().get(Integer.parseInt(name));
        }
        @Nullable ConfigNode child = node.entries().get(name);
        return child == null ? node : child;
    }

    private static Problem unknownKey(JsonNode schema, ConfigNode node, String key, Error error) {
        @Nullable ConfigNode value = node.entries().get(key);
        List<String> known = List.copyOf(owner(schema, error).path("properties").propertyNames());
        String path = node.path().isEmpty() ? key : node.path() + "." + key;
        Problem problem =
                Problem.input("config.unknown", path + ": unknown key")
                        .at(value == null ? node.place() : value.keyPlace());
        return known.isEmpty() ? problem : problem.hint(DidYouMean.hint(key, known));
    }

    /** The schema object that holds the keyword which reported the error. */
    private static JsonNode owner(JsonNode schema, Error error) {
        JsonNode owner = schema;
        NodePath path = error.getSchemaLocation().getFragment();
        for (int i = 0; i < path.getNameCount() - 1; i++) {
            owner = owner.path(String.valueOf(path.getElement(i)));
        }
        return owner;
    }

    private static String expected(Error error) {
        JsonNode keyword = error.getSchemaNode();
        if (keyword == null) {
            return error.getMessage();
        }
        return switch (error.getKeyword()) {
            case "type" -> keyword.isArray() ? words(keyword, " or ") : typeWord(keyword);
            case "enum" -> "one of " + words(keyword, ", ");
            case "const" -> keyword.asString();
            case "minimum" -> "at least " + keyword.asString();
            case "maximum" -> "at most " + keyword.asString();
            case "exclusiveMinimum" -> "above " + keyword.asString();
            case "exclusiveMaximum" -> "below " + keyword.asString();
            case "pattern" -> "text that matches " + keyword.asString();
            case "minLength" -> "at least " + keyword.asString() + " characters";
            case "minItems" -> "at least " + keyword.asString() + " items";
            case "minProperties" -> "at least " + keyword.asString() + " keys";
            case "maxProperties" -> "at most " + keyword.asString() + " keys";
            default -> error.getMessage();
        };
    }

    private static String words(JsonNode list, String between) {
        return String.join(
                between,
                StreamSupport.stream(list.spliterator(), false)
                        .map(SchemaCheck::typeWord)
                        .toList());
    }

    private static String typeWord(JsonNode type) {
        return switch (type.asString()) {
            case "object" -> "a mapping";
            case "array" -> "a list";
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            default -> type.asString();
        };
    }
}
