package dev.weir.server.mlflow;

import dev.weir.ml.tracking.Experiment;
import dev.weir.ml.tracking.Experiments;
import dev.weir.store.meta.Transaction;

import java.util.HashMap;
import java.util.Map;

/** Where clients find artifacts. Asks for each experiment once. */
final class ArtifactUris {
    private static final String PROXY = "mlflow-artifacts:/";

    private final Experiments experiments;
    private final Map<String, String> bases = new HashMap<>();

    ArtifactUris(Experiments experiments) {
        this.experiments = experiments;
    }

    /** Of an experiment: {@code mlflow-artifacts:/3}. */
    static String of(Experiment experiment) {
        return experiment.artifactLocation().isEmpty()
                ? PROXY + experiment.id()
                : experiment.artifactLocation();
    }

    /** Of a run: {@code mlflow-artifacts:/3/RUN/artifacts}. */
    String ofRun(Transaction tx, String experimentId, String runId) {
        return base(tx, experimentId) + "/" + runId + "/artifacts";
    }

    /** Of a logged model: {@code mlflow-artifacts:/3/models/m-…/artifacts}. */
    String ofModel(Transaction tx, String experimentId, String modelId) {
        return base(tx, experimentId) + "/models/" + modelId + "/artifacts";
    }

    private String base(Transaction tx, String experimentId) {
        return bases.computeIfAbsent(experimentId, id -> of(experiments.experiment(tx, id)));
    }
}
