package dev.weir.server.mlflow;

import dev.weir.ml.tracking.KeyedBatch;
import dev.weir.ml.tracking.MetricPoint;
import dev.weir.ml.tracking.Points;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the bodies of {@code runs/log-metric} and {@code runs/log-batch} without a tree of them:
 * they are what clients send most, and a thousand metrics at a time.
 */
final class BatchReader {
    private static final int MOST_METRICS = 1_000;
    private static final int MOST_PARAMS = 100;
    private static final int MOST_TAGS = 100;
    private static final int MOST_TOGETHER = 1_000;

    /** Longer values are cut off, as MLflow's own server does. */
    static final int PARAM_VALUE = 6_000;

    static final int TAG_VALUE = 8_000;

    private final JsonParser json;
    private @Nullable String runId;
    private @Nullable String oldRunId;
    private final Map<String, Points> metrics = new LinkedHashMap<>();
    private int metricCount;
    private final Map<String, String> params = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private int tagCount;

    private BatchReader(JsonParser json) {
        this.json = json;
    }

    /** A batch, and the run that it is for. */
    record Read(String runId, KeyedBatch batch) {}

    /** Reads the body of {@code runs/log-batch}. */
    static Read batch(byte[] body) {
        PlainMetrics plain = PlainMetrics.batch(body);
        return plain == null || plain.count() > MOST_METRICS ? read(body, false) : read(plain);
    }

    /** Reads the body of {@code runs/log-metric}. */
    static Read metric(byte[] body) {
        PlainMetrics plain = PlainMetrics.metric(body);
        return plain == null ? read(body, true) : read(plain);
    }

    private static Read read(PlainMetrics plain) {
        return new Read(plain.runId(), new KeyedBatch(Map.of(), plain.metrics(), Map.of()));
    }

    /** Reads a body of either in the one way that knows all of JSON, and what is wrong with it. */
    static Read read(byte[] body, boolean single) {
        try (JsonParser json = JsonMapper.shared().createParser(body)) {
            JsonToken first = json.nextToken();
            if (first == JsonToken.VALUE_STRING) { // some clients encode twice
                return read(
                        json.getString().getBytes(java.nio.charset.StandardCharsets.UTF_8), single);
            }
            if (first != JsonToken.START_OBJECT) {
                throw MlflowException.invalid("Request body: not a JSON object");
            }
            BatchReader reader = new BatchReader(json);
            if (single) {
                reader.oneMetric("", true);
            } else {
                reader.fields();
            }
            return reader.whole();
        } catch (JacksonException e) {
            throw Asked.malformed(e);
        }
    }

    private Read whole() {
        String id = runId == null || runId.isEmpty() ? oldRunId : runId;
        if (id == null || id.isEmpty()) {
            throw MlflowException.missing("run_id");
        }
        atMost("metrics", metricCount, MOST_METRICS);
        atMost("params", params.size(), MOST_PARAMS);
        atMost("tags", tagCount, MOST_TAGS);
        atMost("metrics, params, and tags", metricCount + params.size() + tagCount, MOST_TOGETHER);
        return new Read(id, new KeyedBatch(params, metrics, tags));
    }

    private static void atMost(String what, int count, int most) {
        if (count > most) {
            throw MlflowException.invalid(
                    "A batch logging request can contain at most %d %s. Got %d %s. Please split up %s across multiple requests and try again."
                            .formatted(most, what, count, what, what));
        }
    }

    private void fields() {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "run_id" -> runId = text("run_id");
                case "run_uuid" -> oldRunId = text("run_uuid");
                case "metrics" -> each("metrics", value, at -> oneMetric(at, false));
                case "params" -> each("params", value, this::oneParam);
                case "tags" -> each("tags", value, this::oneTag);
                default -> json.skipChildren();
            }
        }
    }

    private interface Item {
        void read(String at);
    }

    private void each(String what, @Nullable JsonToken start, Item item) {
        if (start == JsonToken.VALUE_NULL) {
            return;
        }
        if (start != JsonToken.START_ARRAY) {
            throw MlflowException.wrongType(what, json.getString(), "a list");
        }
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw MlflowException.wrongType(what, json.getString(), "a list of objects");
            }
            item.read(what);
        }
    }

    /** The fields of a metric; of a whole request also its run. */
    private void oneMetric(String at, boolean whole) {
        String key = null;
        double value = 0;
        boolean valued = false;
        long timestampMs = 0;
        boolean timed = false;
        long step = 0;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                continue;
            }
            switch (name) {
                case "key" -> key = text("key");
                case "value" -> {
                    value = number();
                    valued = true;
                }
                case "timestamp" -> {
                    timestampMs = whole("timestamp");
                    timed = true;
                }
                case "step" -> step = whole("step");
                case "run_id" -> runId = whole ? text("run_id") : runId;
                case "run_uuid" -> oldRunId = whole ? text("run_uuid") : oldRunId;
                default -> json.skipChildren();
            }
        }
        if (key == null || !valued || !timed) {
            throw MlflowException.missing(
                    (at.isEmpty() ? "" : at + "[].")
                            + (key == null ? "key" : !valued ? "value" : "timestamp"));
        }
        metricCount++;
        metrics.computeIfAbsent(key, k -> new Points())
                .add(new MetricPoint(value, timestampMs, step));
    }

    private void oneParam(String at) {
        String[] pair = pair(at);
        if (params.put(pair[0], cut(pair[1], PARAM_VALUE)) != null) {
            throw MlflowException.invalid(
                    "Duplicate parameter keys have been submitted: ['%s']. Please ensure the request contains only one param value per param key."
                            .formatted(pair[0]));
        }
    }

    private void oneTag(String at) {
        String[] pair = pair(at);
        tags.put(pair[0], cut(pair[1], TAG_VALUE));
        tagCount++;
    }

    static String cut(String value, int most) {
        return value.length() > most ? value.substring(0, most) : value;
    }

    private String[] pair(String at) {
        String key = null;
        String value = "";
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                continue;
            }
            switch (name) {
                case "key" -> key = text("key");
                case "value" -> value = text("value");
                default -> json.skipChildren();
            }
        }
        if (key == null) {
            throw MlflowException.missing(at + "[].key");
        }
        return new String[] {key, value};
    }

    private String text(String name) {
        return switch (json.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getString();
            case VALUE_NULL -> "";
            case null, default -> throw MlflowException.wrongType(name, json.getString(), "a text");
        };
    }

    private double number() {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            return json.getDoubleValue();
        }
        String text = json.getString();
        if (token == JsonToken.VALUE_STRING) {
            try {
                return Double.parseDouble(text.strip());
            } catch (NumberFormatException e) {
                throw MlflowException.wrongType("value", "'" + text + "'", "a number");
            }
        }
        throw MlflowException.wrongType("value", text, "a number");
    }

    private long whole(String name) {
        JsonToken token = json.currentToken();
        String text = token == JsonToken.VALUE_NUMBER_INT ? "" : json.getString();
        try {
            if (token == JsonToken.VALUE_NUMBER_INT) {
                return json.getLongValue();
            }
            if (token == JsonToken.VALUE_STRING) {
                return Long.parseLong(text.strip());
            }
            if (token == JsonToken.VALUE_NUMBER_FLOAT
                    && json.getDoubleValue() == Math.rint(json.getDoubleValue())
                    && Math.abs(json.getDoubleValue()) < 9e15) {
                return (long) json.getDoubleValue();
            }
        } catch (NumberFormatException | JacksonException e) {
            throw MlflowException.wrongType(name, json.getString(), "a whole number");
        }
        throw MlflowException.wrongType(name, text, "a whole number");
    }
}
