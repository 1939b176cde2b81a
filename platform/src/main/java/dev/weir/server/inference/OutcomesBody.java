package dev.weir.server.inference;

import dev.weir.base.config.Durations;
import dev.weir.base.problem.Problem;
import dev.weir.ml.traffic.Outcome;
import dev.weir.ml.traffic.Outcomes;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What turned out to be true, as clients send it: {@code {"outcomes":[{"prediction_id":"…",
 * "value":"yes"},{"key":"anna","time":"2026-11-25T10:00:00Z","value":12.5}]}}, with {@code
 * "look_back":"7d"} where a key's prediction may be older than seven days or must be newer.
 */
final class OutcomesBody {
    private static final Set<String> KEYS = Set.of("prediction_id", "key", "time", "value");

    private static final Instant FIRST = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("3000-01-01T00:00:00Z");

    private OutcomesBody() {}

    /**
     * Reads a body.
     *
     * @throws dev.weir.base.problem.ProblemException where it is not as above
     */
    static List<Outcome> read(byte[] body) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            throw InferRequest.malformed(e);
        }
        JsonNode list = root.path("outcomes");
        if (!list.isArray()) {
            throw wrong("outcomes", list, "an array of objects");
        }
        JsonNode given = root.path("look_back");
        Duration lookBack =
                given.isMissingNode()
                        ? Outcome.LOOK_BACK
                        : Durations.parse(given.asString(""))
                                .filter(Duration::isPositive)
                                .orElseThrow(() -> wrong("look_back", given, Durations.EXPECTED));
        List<Outcome> outcomes = new ArrayList<>();
        for (JsonNode each : list) {
            outcomes.add(outcome(each, outcomes.size() + 1, lookBack));
        }
        return outcomes;
    }

    private static Outcome outcome(JsonNode each, int row, Duration lookBack) {
        String at = "outcome " + row;
        if (!each.isObject()) {
            throw wrong(at, each, "an object");
        }
        for (String name : each.propertyNames()) {
            if (!KEYS.contains(name)) {
                throw wrong(at, each, "prediction_id, or key and time; and value");
            }
        }
        JsonNode time = each.path("time");
        Instant moment = null;
        if (!time.isMissingNode()) {
            try {
                moment = Instant.parse(time.asString(""));
                if (moment.isBefore(FIRST) || moment.isAfter(LAST)) {
                    throw wrong(at + ": time", time, "a moment of the years 1900 to 3000");
                }
            } catch (DateTimeException e) {
                throw wrong(at + ": time", time, "a moment such as 2026-11-25T10:00:00Z");
            }
        }
        return new Outcome(
                text(each, "prediction_id", at),
                text(each, "key", at),
                moment,
                lookBack,
                text(each, "value", at));
    }

    private static @Nullable String text(JsonNode each, String name, String at) {
        JsonNode value = each.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isValueNode()) {
            throw wrong(at + ": " + name, value, "a text or a number");
        }
        return value.asString();
    }

    private static RuntimeException wrong(String what, JsonNode value, String expected) {
        return Problem.input(
                        "body.form",
                        "%s: %s (expected: %s)"
                                .formatted(
                                        what,
                                        value.isMissingNode() ? "not there" : value.toString(),
                                        expected))
                .exception();
    }

    /** What became of them. */
    static ObjectNode answer(Outcomes.Added added) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("taken", added.rows());
        json.put("without_value", added.valueless());
        json.put("matched", added.matched());
        added.waiting().forEach(json.putArray("waiting_rows")::add);
        return json;
    }
}
