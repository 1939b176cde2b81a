package dev.weir.pipeline;

import dev.weir.store.blob.Artifact;

import tools.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a step gave.
 *
 * @param key the key that it stands under
 * @param outputs by name
 * @param evidence what it measured; feeds no key
 * @param runId the run whose attempt computed it
 */
public record StepResult(
        String key, SortedMap<String, Artifact> outputs, JsonNode evidence, String runId) {
    public StepResult {
        outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    }

    /** An output by name. */
    public Artifact output(String name) {
        Artifact artifact = outputs.get(name);
        if (artifact == null) {
            throw new IllegalArgumentException(
                    "output: " + name + " (expected: one of " + outputs.keySet() + ")");
        }
        return artifact;
    }
}
