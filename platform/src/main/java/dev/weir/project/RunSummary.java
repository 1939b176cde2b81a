package dev.weir.project;

import dev.weir.ml.gate.Ruling;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.pipeline.RunReport;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;

/**
 * How a run of a model's pipeline ended.
 *
 * @param rulings of all gates that were judged, in their order
 * @param version the model version that it made, or made again
 * @param created whether that version is new
 * @param training the trainer's report, where training is done
 * @param diagnosis where the model fails, if its gates turned it down
 */
public record RunSummary(
        RunReport report,
        List<Ruling> rulings,
        Optional<ModelVersion> version,
        boolean created,
        Optional<JsonNode> training,
        Optional<JsonNode> diagnosis) {
    public RunSummary {
        rulings = List.copyOf(rulings);
    }
}
