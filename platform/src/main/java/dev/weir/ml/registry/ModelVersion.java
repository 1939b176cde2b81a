package dev.weir.ml.registry;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One version of a registered model. All of it but the stage, the description and the judgement
 * stays as it was registered.
 *
 * @param version 1 or more; never used again
 * @param digest of the model's folder in the store; null where it is kept elsewhere
 * @param recipeDigest of what defines it ({@link Recipe#definition})
 * @param runId the run that made it first, if one did
 * @param metrics a snapshot; NaN where undefined
 * @param signature {@code {"inputs":[…],"outputs":[…]}}
 * @param judgementId the last judgement of its gates; null where there was none
 */
public record ModelVersion(
        String model,
        long version,
        Stage stage,
        @Nullable Digest digest,
        Recipe recipe,
        @Nullable Digest recipeDigest,
        @Nullable String runId,
        String source,
        String description,
        SortedMap<String, Double> metrics,
        ObjectNode signature,
        @Nullable String judgementId,
        Instant created,
        Instant updated) {
    public ModelVersion {
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }

    /** {@code income:3}. */
    public VersionRef ref() {
        return VersionRef.of(model, version);
    }

    /** Whether gates decide over it: a pipeline made it, or it was judged. */
    public boolean gated() {
        return recipeDigest != null || judgementId != null;
    }

    /**
     * The digest of its folder in the store.
     *
     * @throws dev.weir.base.problem.ProblemException where it is kept elsewhere
     */
    public Digest content() {
        if (digest == null) {
            throw Problem.refused(
                            "version.elsewhere",
                            ref() + ": kept at '" + source + "' (expected: in this home's store)")
                    .exception();
        }
        return digest;
    }

    /**
     * {@code {"name","version","stage","digest","recipe":{…},"metrics":{},"signature":{…}}} and
     * more; a metric that is not finite is a text, {@code "NaN"}.
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", model);
        json.put("version", version);
        json.put("stage", stage.word());
        json.put("digest", digest == null ? null : digest.hex());
        json.set("recipe", recipe.json());
        json.set("metrics", MetricsJson.write(metrics));
        json.set("signature", signature);
        json.put("run", runId);
        json.put("source", source);
        json.put("description", description);
        json.put("created", created.toString());
        return json;
    }
}
