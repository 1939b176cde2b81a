package dev.weir.server.mlflow;

import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.Recipe;
import dev.weir.ml.tracking.Run;
import dev.weir.ml.tracking.RunInfo;
import dev.weir.ml.tracking.RunInput;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/** What is known of how a client's version was made: what its run logged. */
final class ClientRecipe {
    private static final String COMMIT = "mlflow.source.git.commit";

    private ClientRecipe() {}

    static Recipe of(Workspace in, Transaction tx, @Nullable String runId) {
        Optional<RunInfo> known =
                Optional.ofNullable(runId).flatMap(id -> in.tracking().findRun(tx, id));
        if (known.isEmpty()) {
            return Recipe.unknown();
        }
        Run run = in.tracking().runs(tx, List.of(known.get())).getFirst();
        ObjectNode link = JsonNodeFactory.instance.objectNode();
        link.put("run", run.info().id());
        Recipe recipe = Recipe.unknown().with(Link.RUN, link);
        if (run.tags().get(COMMIT) instanceof String commit) {
            ObjectNode code = JsonNodeFactory.instance.objectNode();
            code.put("commit", commit);
            recipe = recipe.with(Link.CODE, code);
        }
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        run.params().forEach(config::put);
        return recipe.with(Link.CONFIG, config).with(Link.DATA, data(in, tx, run));
    }

    private static ObjectNode data(Workspace in, Transaction tx, Run run) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        List<RunInput> inputs = in.tracking().inputs(tx, run.info().id());
        if (!inputs.isEmpty()) {
            ArrayNode datasets = data.putArray("datasets");
            for (RunInput input : inputs) {
                ObjectNode dataset = datasets.addObject();
                dataset.put("name", input.name());
                dataset.put("digest", input.digest());
            }
        }
        return data;
    }
}
