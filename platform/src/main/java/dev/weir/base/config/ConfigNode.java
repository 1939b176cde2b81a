package dev.weir.base.config;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a YAML file that knows where it stands. */
public final class ConfigNode {
    private final JsonNode json;
    private final String pointer;
    private final Positions positions;

    ConfigNode(JsonNode json, String pointer, Positions positions) {
        this.json = json;
        this.pointer = pointer;
        this.positions = positions;
    }

    /** The value as JSON, without its places. */
    public JsonNode json() {
        return json;
    }

    /** Where the value stands. */
    public Place place() {
        return positions.place(pointer);
    }

    /** Where the key stands that this value belongs to; the value's own place in a list. */
    public Place keyPlace() {
        return positions.keyPlace(pointer);
    }

    /** The dotted path of this value, as messages show it; the empty text for the whole file. */
    public String path() {
        return Positions.dotted(pointer);
    }

    /** The value below these keys; empty where a key is absent or its value is null. */
    public Optional<ConfigNode> at(String... keys) {
        JsonNode value = json;
        StringBuilder below = new StringBuilder(pointer);
        for (String key : keys) {
            JsonNode next = value.isObject() ? value.get(key) : null;
            if (next == null || next.isNull()) {
                return Optional.empty();
            }
            value = next;
            below.append('/').append(Positions.escape(key));
        }
        return Optional.of(new ConfigNode(value, below.toString(), positions));
    }

    /** The value below a key that the schema demands. */
    public ConfigNode need(String key) {
        return at(key).orElseThrow(
                        () -> problem("config.missing", "missing " + dotted(key)).exception());
    }

    /** The values of a mapping, in the order of the file; empty for anything else. */
    public Map<String, ConfigNode> entries() {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        if (json.isObject()) {
            for (String key : json.propertyNames()) {
                at(key).ifPresent(value -> entries.put(key, value));
            }
        }
        return entries;
    }

    /** The values of a list; a single value is a list of itself. */
    public List<ConfigNode> items() {
        if (!json.isArray()) {
            return List.of(this);
        }
        List<ConfigNode> items = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            items.add(new ConfigNode(json.get(i), pointer + "/" + i, positions));
        }
        return items;
    }

    /** A scalar as text. */
    public String text() {
        return json.isString() ? json.stringValue() : json.asString();
    }

    /** The texts of a list. */
    public List<String> texts() {
        return items().stream().map(ConfigNode::text).toList();
    }

    /** A number. */
    public double number() {
        if (!json.isNumber()) {
            throw expected("a number");
        }
        return json.doubleValue();
    }

    /** A whole number. */
    public long whole() {
        if (!json.isIntegralNumber() || !json.canConvertToLong()) {
            throw expected("a whole number");
        }
        return json.longValue();
    }

    /** True or false. */
    public boolean flag() {
        if (!json.isBoolean()) {
            throw expected("true or false");
        }
        return json.booleanValue();
    }

    /** A duration such as {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}. */
    public Duration duration() {
        return Durations.parse(text()).orElseThrow(() -> expected(Durations.EXPECTED));
    }

    /** A size in bytes, such as {@code 512MiB} or {@code 4GiB}. */
    public long sizeBytes() {
        return Sizes.parse(text()).orElseThrow(() -> expected(Sizes.EXPECTED));
    }

    /** A problem with this value, at its place. */
    public Problem problem(String code, String message) {
        return Problem.input(code, message).at(place());
    }

    /** The problem that this value is not what was expected; ready to be thrown. */
    public ProblemException expected(String what) {
        String shown = json.isContainer() ? "" : " " + text();
        return problem("config.value", path() + ":" + shown + " (expected: " + what + ")")
                .exception();
    }

    private String dotted(String key) {
        return path().isEmpty() ? key : path() + "." + key;
    }
}
