package dev.weir.server.mlflow;

import dev.weir.server.Call;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks for: the fields of its JSON body, or of the query of a GET, where a field that
 * is repeated is a list. Fields that nothing asks for are ignored.
 */
final class Asked {
    /** More than the largest call that keeps MLflow's limits needs. */
    static final int MOST_BYTES = 16 << 20;

    private static final byte[] NOTHING = new byte[0];

    private final Workspace workspace;
    private final byte[] raw;
    private final String rest;
    private @Nullable JsonNode fields;

    private Asked(Workspace workspace, byte[] raw, @Nullable JsonNode fields, String rest) {
        this.workspace = workspace;
        this.raw = raw;
        this.fields = fields;
        this.rest = rest;
    }

    /** Reads a request. */
    static Asked of(Workspace workspace, Call call, String rest) throws IOException {
        return call.method().equals("GET")
                ? new Asked(workspace, NOTHING, ofQuery(call.query()), rest)
                : new Asked(workspace, call.body(MOST_BYTES), null, rest);
    }

    /** The body as it came, for an endpoint that reads it in its own way. */
    byte[] raw() {
        return raw;
    }

    private JsonNode field(String name) {
        JsonNode read = fields;
        if (read == null) {
            read = body(raw);
            fields = read;
        }
        return read.path(name);
    }

    private static ObjectNode ofQuery(Map<String, List<String>> query) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        query.forEach(
                (name, values) -> {
                    String plain =
                            name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
                    if (values.size() == 1) {
                        fields.put(plain, values.getFirst());
                    } else {
                        ArrayNode list = fields.putArray(plain);
                        values.forEach(list::add);
                    }
                });
        return fields;
    }

    private static JsonNode body(byte[] body) {
        if (body.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(body);
            if (json.isString()) { // some clients encode twice
                json = JsonMapper.shared().readTree(json.stringValue());
            }
            if (!json.isObject()) {
                throw MlflowException.invalid("Request body: not a JSON object");
            }
            return json;
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    static MlflowException malformed(JacksonException e) {
        return MlflowException.invalid("Request body: not valid JSON: " + e.getOriginalMessage());
    }

    Workspace workspace() {
        return workspace;
    }

    /** What the path says after the name of the endpoint, decoded. */
    String rest() {
        return rest;
    }

    /** A text that must be there. */
    String text(String name) {
        return maybe(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> MlflowException.missing(name));
    }

    /** A text that must be there, and may be empty. */
    String anyText(String name) {
        return maybe(name).orElseThrow(() -> MlflowException.missing(name));
    }

    /** A text, if it is there. */
    Optional<String> maybe(String name) {
        JsonNode value = field(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (value.isString()) {
            return Optional.of(value.stringValue());
        }
        if (value.isNumber()) {
            return Optional.of(value.asString()); // a version, an experiment id
        }
        throw MlflowException.wrongType(name, shown(value), "a text");
    }

    /** A text; empty where it is not there. */
    String textOr(String name, String otherwise) {
        return maybe(name).orElse(otherwise);
    }

    /** The id of a run, under its new name or its old one. */
    String runId() {
        return maybe("run_id").filter(id -> !id.isEmpty()).orElseGet(() -> oldRunId());
    }

    private String oldRunId() {
        return maybe("run_uuid")
                .filter(id -> !id.isEmpty())
                .orElseThrow(() -> MlflowException.missing("run_id"));
    }

    /** A whole number, if it is there. */
    Optional<Long> whole(String name) {
        JsonNode value = field(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return Optional.of(value.longValue());
        }
        if (value.isNumber()
                && value.doubleValue() == Math.rint(value.doubleValue())
                && Math.abs(value.doubleValue()) < 9e15) {
            return Optional.of((long) value.doubleValue());
        }
        if (value.isString()) {
            try {
                return Optional.of(Long.parseLong(value.stringValue().strip()));
            } catch (NumberFormatException e) {
                throw MlflowException.wrongType(name, shown(value), "a whole number");
            }
        }
        throw MlflowException.wrongType(name, shown(value), "a whole number");
    }

    /** How many results are asked for: at least 1, at most {@code most}. */
    int maxResults(int otherwise, int most) {
        long asked = whole("max_results").filter(n -> n != 0).orElse((long) otherwise);
        if (asked < 1 || asked > most) {
            throw MlflowException.wrongType("max_results", asked, "1 to " + most);
        }
        return (int) asked;
    }

    boolean flag(String name) {
        JsonNode value = field(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isString() && List.of("true", "false").contains(value.stringValue())) {
            return value.stringValue().equals("true");
        }
        throw MlflowException.wrongType(name, shown(value), "true or false");
    }

    /** Whether a field is there. */
    boolean has(String name) {
        JsonNode value = field(name);
        return !value.isMissingNode() && !value.isNull();
    }

    /** A list of texts; one text is a list of one; empty where it is not there. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : list(name)) {
            if (!value.isString() && !value.isNumber()) {
                throw MlflowException.wrongType(name, shown(value), "a list of texts");
            }
            texts.add(value.asString());
        }
        return texts;
    }

    /** A list of objects; empty where it is not there. */
    List<Asked> objects(String name) {
        List<Asked> objects = new ArrayList<>();
        for (JsonNode value : list(name)) {
            if (!value.isObject()) {
                throw MlflowException.wrongType(name, shown(value), "a list of objects");
            }
            objects.add(new Asked(workspace, NOTHING, value, rest));
        }
        return objects;
    }

    /** An object, if it is there. */
    Optional<Asked> object(String name) {
        JsonNode value = field(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw MlflowException.wrongType(name, shown(value), "an object");
        }
        return Optional.of(new Asked(workspace, NOTHING, value, rest));
    }

    private List<JsonNode> list(String name) {
        JsonNode value = field(name);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (value.isArray()) {
            return value.valueStream().toList();
        }
        if (value.isString()) {
            return List.of(value);
        }
        throw MlflowException.wrongType(name, shown(value), "a list");
    }

    /** Keys and values; of a key that is there twice the last counts. */
    Map<String, String> pairs(String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Asked pair : objects(name)) {
            pairs.put(pair.text("key"), pair.textOr("value", ""));
        }
        return pairs;
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
