package dev.weir.server.mlflow;

import dev.weir.ml.registry.ModelDetails;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.VersionDetails;

import tools.jackson.core.JsonGenerator;

import java.util.List;

/** What models and versions look like in MLflow's JSON. */
final class RegistryWire {
    private RegistryWire() {}

    static void model(JsonGenerator json, ModelDetails details) {
        json.writeStartObject();
        json.writeStringProperty("name", details.model().name());
        Wire.millis(json, "creation_timestamp", details.model().created());
        Wire.millis(json, "last_updated_timestamp", details.model().updated());
        Wire.text(json, "description", details.model().description());
        if (!details.latest().isEmpty()) {
            json.writeArrayPropertyStart("latest_versions");
            details.latest().forEach(version -> version(json, version, false));
            json.writeEndArray();
        }
        Wire.pairs(json, "tags", details.tags());
        if (!details.model().aliases().isEmpty()) {
            json.writeArrayPropertyStart("aliases");
            details.model()
                    .aliases()
                    .forEach(
                            (alias, version) -> {
                                json.writeStartObject();
                                json.writeStringProperty("alias", alias);
                                json.writeStringProperty("version", Long.toString(version));
                                json.writeEndObject();
                            });
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /**
     * @param aliases whether the aliases are told; within a model they stand beside the versions
     */
    static void version(JsonGenerator json, VersionDetails details, boolean aliases) {
        ModelVersion version = details.version();
        json.writeStartObject();
        json.writeStringProperty("name", version.model());
        json.writeStringProperty("version", Long.toString(version.version()));
        Wire.millis(json, "creation_timestamp", version.created());
        Wire.millis(json, "last_updated_timestamp", version.updated());
        json.writeStringProperty("current_stage", stage(version.stage()));
        json.writeStringProperty("description", version.description());
        json.writeStringProperty("source", version.source());
        json.writeStringProperty("run_id", version.runId() instanceof String run ? run : "");
        json.writeStringProperty("status", "READY");
        Wire.pairs(json, "tags", details.tags());
        json.writeStringProperty("run_link", details.runLink());
        if (aliases && !details.aliases().isEmpty()) {
            json.writeArrayPropertyStart("aliases");
            details.aliases().forEach(json::writeString);
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    static void versions(JsonGenerator json, List<VersionDetails> versions) {
        if (!versions.isEmpty()) {
            json.writeArrayPropertyStart("model_versions");
            versions.forEach(version -> version(json, version, true));
            json.writeEndArray();
        }
    }

    /** {@code development} is MLflow's {@code None}. */
    static String stage(Stage stage) {
        return switch (stage) {
            case DEVELOPMENT -> "None";
            case STAGING -> "Staging";
            case PRODUCTION -> "Production";
            case ARCHIVED -> "Archived";
        };
    }

    /** The stage of MLflow's word, in whatever case. */
    static Stage stage(String word) {
        for (Stage stage : Stage.values()) {
            if (stage(stage).equalsIgnoreCase(word)) {
                return stage;
            }
        }
        throw MlflowException.invalid(
                "Invalid Model Version stage: "
                        + word
                        + ". Value must be one of None, Staging, Production, Archived.");
    }
}
