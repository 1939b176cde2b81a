package dev.weir.server.mlflow;

import dev.weir.ml.tracking.Experiment;
import dev.weir.ml.tracking.MetricPoint;
import dev.weir.ml.tracking.Run;
import dev.weir.ml.tracking.RunInfo;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** What things look like in MLflow's JSON: proto2 names, and nothing where nothing is known. */
final class Wire {
    /** Names that stand in an answer for every point and every pair, as bytes. */
    private static final SerializedString KEY = new SerializedString("key");

    private static final SerializedString VALUE = new SerializedString("value");
    private static final SerializedString TIMESTAMP = new SerializedString("timestamp");
    private static final SerializedString STEP = new SerializedString("step");

    private Wire() {}

    static void experiment(JsonGenerator json, Experiment experiment, Map<String, String> tags) {
        json.writeStartObject();
        json.writeStringProperty("experiment_id", experiment.id());
        json.writeStringProperty("name", experiment.name());
        json.writeStringProperty("artifact_location", ArtifactUris.of(experiment));
        json.writeStringProperty("lifecycle_stage", experiment.lifecycle().word());
        millis(json, "last_update_time", experiment.updated());
        millis(json, "creation_time", experiment.created());
        pairs(json, "tags", tags);
        json.writeEndObject();
    }

    static void info(JsonGenerator json, RunInfo run, String artifactUri) {
        json.writeStartObject();
        json.writeStringProperty("run_uuid", run.id());
        json.writeStringProperty("experiment_id", run.experimentId());
        json.writeStringProperty("run_name", run.name());
        text(json, "user_id", run.user());
        json.writeStringProperty("status", run.status().name());
        millis(json, "start_time", run.started());
        if (run.ended() instanceof Instant ended) {
            millis(json, "end_time", ended);
        }
        json.writeStringProperty("artifact_uri", artifactUri);
        json.writeStringProperty("lifecycle_stage", run.lifecycle().word());
        json.writeStringProperty("run_id", run.id());
        json.writeEndObject();
    }

    static void data(JsonGenerator json, Run run) {
        json.writeStartObject();
        if (!run.metrics().isEmpty()) {
            json.writeArrayPropertyStart("metrics");
            run.metrics().forEach((key, point) -> metric(json, key, point));
            json.writeEndArray();
        }
        pairs(json, "params", run.params());
        pairs(json, "tags", run.tags());
        json.writeEndObject();
    }

    static void metric(JsonGenerator json, String key, MetricPoint point) {
        json.writeStartObject();
        metricFields(json, key, point);
        json.writeEndObject();
    }

    static void metricFields(JsonGenerator json, String key, MetricPoint point) {
        json.writeName(KEY);
        json.writeString(key);
        json.writeName(VALUE);
        number(json, point.value());
        json.writeName(TIMESTAMP);
        json.writeNumber(point.timestampMs());
        json.writeName(STEP);
        json.writeNumber(point.step());
    }

    /** A list of keys and values; nothing where there are none. */
    static void pairs(JsonGenerator json, String name, Map<String, String> pairs) {
        if (pairs.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart(name);
        pairs.forEach(
                (key, value) -> {
                    json.writeStartObject();
                    json.writeName(KEY);
                    json.writeString(key);
                    json.writeName(VALUE);
                    json.writeString(value);
                    json.writeEndObject();
                });
        json.writeEndArray();
    }

    /** A text; nothing where it is empty. */
    static void text(JsonGenerator json, String name, String value) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, value);
        }
    }

    static void millis(JsonGenerator json, String name, Instant time) {
        json.writeNumberProperty(name, time.toEpochMilli());
    }

    /** A double; what JSON has no number for is a text. */
    private static void number(JsonGenerator json, double value) {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeString(Double.toString(value));
        }
    }

    /** A word of MLflow's, in its capitals. */
    static String capitals(String word) {
        return word.toUpperCase(Locale.ROOT);
    }
}
