package dev.weir.server.mlflow;

import dev.weir.ml.tracking.ModelUse;
import dev.weir.ml.tracking.Run;
import dev.weir.ml.tracking.RunInput;
import dev.weir.store.meta.Transaction;

import tools.jackson.core.JsonGenerator;

import java.util.List;

/**
 * A run with the datasets and models that it used or gave, as an answer shows it.
 *
 * @param artifactUri where its artifacts are
 */
record WholeRun(Run run, List<RunInput> inputs, List<ModelUse> models, String artifactUri) {
    static WholeRun of(Workspace in, Transaction tx, Run run) {
        return new WholeRun(
                run,
                in.tracking().inputs(tx, run.info().id()),
                in.loggedModels().uses(tx, List.of(run.info().id())).getFirst(),
                new ArtifactUris(in.experiments())
                        .ofRun(tx, run.info().experimentId(), run.info().id()));
    }

    Answer answer() {
        return json -> {
            json.writeName("run");
            write(json);
        };
    }

    void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeName("info");
        Wire.info(json, run.info(), artifactUri);
        json.writeName("data");
        Wire.data(json, run);
        json.writeObjectPropertyStart("inputs");
        if (!inputs.isEmpty()) {
            json.writeArrayPropertyStart("dataset_inputs");
            inputs.forEach(input -> write(json, input));
            json.writeEndArray();
        }
        models(json, "model_inputs", ModelUse.Role.INPUT);
        json.writeEndObject();
        json.writeObjectPropertyStart("outputs");
        models(json, "model_outputs", ModelUse.Role.OUTPUT);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void models(JsonGenerator json, String name, ModelUse.Role role) {
        List<ModelUse> uses = models.stream().filter(use -> use.role() == role).toList();
        if (uses.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart(name);
        for (ModelUse use : uses) {
            json.writeStartObject();
            json.writeStringProperty("model_id", use.modelId());
            if (role == ModelUse.Role.OUTPUT) {
                json.writeNumberProperty("step", use.step());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, RunInput input) {
        json.writeStartObject();
        Wire.pairs(json, "tags", input.tags());
        json.writeObjectPropertyStart("dataset");
        json.writeStringProperty("name", input.name());
        json.writeStringProperty("digest", input.digest());
        json.writeStringProperty("source_type", input.sourceType());
        json.writeStringProperty("source", input.source());
        Wire.text(json, "schema", input.schema());
        Wire.text(json, "profile", input.profile());
        json.writeEndObject();
        json.writeEndObject();
    }
}
