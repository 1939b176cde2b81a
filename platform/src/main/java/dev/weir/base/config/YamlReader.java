package dev.weir.base.config;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads YAML 1.2 strictly, with positions. */
public final class YamlReader {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MAX_BYTES = 8 << 20;
    private static final int MAX_DEPTH = 64;

    private final SchemaCheck check = new SchemaCheck();

    /**
     * Reads a file and holds it against its schema.
     *
     * @throws ProblemException with every problem of the file, each with its place
     */
    public ConfigNode read(Path file, ConfigSchema schema) {
        ConfigNode root = read(file);
        List<Problem> problems = check.problems(root, schema);
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return root;
    }

    /** Reads a file without a schema: a mapping of the team's own, such as parameters. */
    public ConfigNode read(Path file) {
        return parse(file.toString(), content(file));
    }

    /** Reads a text as if it stood in {@code file}. */
    public ConfigNode parse(String file, String text) {
        Positions positions = new Positions(file);
        LoadSettings settings =
                LoadSettings.builder()
                        .setSchema(new CoreSchema())
                        .setLabel(file)
                        .setUseMarks(true)
                        .setMaxAliasesForCollections(50)
                        .setCodePointLimit(MAX_BYTES)
                        .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            JsonNode json = root.isEmpty() ? JSON.objectNode() : json(root.get(), "", positions, 0);
            return new ConfigNode(json.isNull() ? JSON.objectNode() : json, "", positions);
        } catch (MarkedYamlEngineException e) {
            Place place =
                    e.getProblemMark()
                            .map(m -> new Place(file, m.getLine() + 1, m.getColumn() + 1))
                            .orElse(new Place(file, 0, 0));
            throw Problem.input("yaml.syntax", "not YAML: " + e.getProblem())
                    .at(place)
                    .exception(e);
        } catch (StackOverflowError e) {
            throw Problem.input("yaml.depth", "nested too deeply")
                    .at(new Place(file, 0, 0))
                    .exception(e);
        } catch (YamlEngineException e) {
            throw Problem.input("yaml.syntax", "not YAML: " + firstLine(e))
                    .at(new Place(file, 0, 0))
                    .exception(e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static String content(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw Problem.input("file.folder", file + " is a folder (expected: a YAML file)")
                        .exception();
            }
            if (Files.size(file) > MAX_BYTES) {
                throw Problem.input("yaml.size", "larger than 8 MiB (expected: a file of settings)")
                        .at(Place.of(file))
                        .exception();
            }
            byte[] bytes = Files.readAllBytes(file);
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (NoSuchFileException e) {
            throw Problem.input("file.missing", "no such file: " + file).exception(e);
        } catch (CharacterCodingException e) {
            throw Problem.input("file.encoding", "not UTF-8").at(Place.of(file)).exception(e);
        } catch (IOException e) {
            throw Problem.input("file.read", "cannot be read: " + e.getMessage())
                    .at(Place.of(file))
                    .exception(e);
        }
    }

    private JsonNode json(Node node, String pointer, Positions positions, int depth) {
        if (depth > MAX_DEPTH) {
            throw Problem.input("yaml.depth", "nested deeper than " + MAX_DEPTH + " levels")
                    .at(positions.place(""))
                    .exception();
        }
        Mark mark = node.getStartMark().orElseThrow();
        positions.value(pointer, mark.getLine() + 1, mark.getColumn() + 1);
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode list -> {
                ArrayNode array = JSON.arrayNode();
                for (int i = 0; i < list.getValue().size(); i++) {
                    array.add(
                            json(list.getValue().get(i), pointer + "/" + i, positions, depth + 1));
                }
                yield array;
            }
            case MappingNode mapping -> mapping(mapping, pointer, positions, depth);
            default -> throw new IllegalStateException("unknown YAML node " + node.getTag());
        };
    }

    private JsonNode mapping(MappingNode mapping, String pointer, Positions positions, int depth) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            Mark mark = entry.getKeyNode().getStartMark().orElseThrow();
            Place place =
                    new Place(
                            positions.place(pointer).file(),
                            mark.getLine() + 1,
                            mark.getColumn() + 1);
            if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
                throw Problem.input("yaml.key", "a key must be a single word")
                        .at(place)
                        .exception();
            }
            String key = keyNode.getValue();
            String below = pointer + "/" + Positions.escape(key);
            if (object.has(key)) {
                Place first = positions.keyPlace(below);
                throw Problem.input(
                                "yaml.duplicate",
                                key + ": stands twice, first in line " + first.line())
                        .at(place)
                        .hint("Keep one of the two.")
                        .exception();
            }
            positions.key(below, place.line(), place.column());
            object.set(key, json(entry.getValueNode(), below, positions, depth + 1));
        }
        return object;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(Boolean.parseBoolean(text.toLowerCase(java.util.Locale.ROOT)));
        }
        if (tag.equals(Tag.INT)) {
            return whole(text);
        }
        if (tag.equals(Tag.FLOAT)) {
            return number(text);
        }
        return JSON.stringNode(text);
    }

    private static JsonNode whole(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        BigInteger value =
                digits.startsWith("0x")
                        ? new BigInteger(digits.substring(2), 16)
                        : digits.startsWith("0o")
                                ? new BigInteger(digits.substring(2), 8)
                                : new BigInteger(digits);
        return value.bitLength() < Long.SIZE
                ? JSON.numberNode(value.longValue())
                : JSON.numberNode(value);
    }

    private static JsonNode number(String text) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("inf") || lower.contains("nan")) {
            return JSON.stringNode(text);
        }
        return JSON.numberNode(Double.parseDouble(text));
    }
}
