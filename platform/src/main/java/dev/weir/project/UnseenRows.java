package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.pipeline.Input;
import dev.weir.pipeline.Step;
import dev.weir.stage.train.UnseenKind;
import dev.weir.store.blob.Artifact;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * The step that finds the held-out rows that the model in production was trained on, so that both
 * are compared on rows that neither saw.
 */
final class UnseenRows {
    /**
     * Of the link {@code data}: the table that was trained on, where a step of the team's made it.
     */
    static final String TRAINED_ON = "trained_on";

    static final String STEP = Names.GATE_STEP + UnseenKind.UNSEEN;

    private UnseenRows() {}

    /**
     * The step; empty where no row can be in both, or where nobody knows what production was
     * trained on: a version that a client registered, a table that is gone from the store.
     *
     * @param candidate parameters of the candidate's training
     */
    static Optional<Step> step(
            Home home,
            ModelVersion production,
            ObjectNode candidate,
            Input rows,
            JsonNode libraries) {
        Optional<ObjectNode> config = production.recipe().link(Link.CONFIG);
        Optional<Artifact> table =
                production
                        .recipe()
                        .link(Link.DATA)
                        .flatMap(UnseenRows::table)
                        .filter(artifact -> home.blobs().localPath(artifact.digest()).isPresent());
        if (config.isEmpty() || !config.get().has("holdout") || table.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode split = split(config.get());
        if (split.equals(split(candidate)) && neverOverlaps(split)) {
            return Optional.empty();
        }
        return Optional.of(
                Step.named(STEP, "validate", new UnseenKind())
                        .params(split)
                        .input("rows", rows)
                        .input(
                                "table",
                                new Input.Given(
                                        table.get(), "in/table.parquet", "production's table"))
                        .environment(libraries)
                        .output(UnseenKind.UNSEEN, "unseen.parquet"));
    }

    private static Optional<Artifact> table(ObjectNode data) {
        return data.path(TRAINED_ON)
                .stringValueOpt()
                .or(() -> data.path("digest").stringValueOpt())
                .map(hex -> Artifact.file(new Digest(hex)));
    }

    private static ObjectNode split(ObjectNode config) {
        ObjectNode split = JsonNodeFactory.instance.objectNode();
        for (String name : List.of("holdout", "key", "time")) {
            if (config.has(name)) {
                split.set(name, config.path(name));
            }
        }
        return split;
    }

    /** By one key, or one moment, a row stands on the same side of any table. */
    private static boolean neverOverlaps(ObjectNode split) {
        return split.path("holdout").has("after")
                || split.path("holdout").has("fraction") && !split.path("key").isEmpty();
    }
}
