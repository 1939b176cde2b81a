package dev.weir.server.mlflow;

import dev.weir.ml.tracking.Experiment;
import dev.weir.store.meta.Transaction;

import java.util.Map;

/** {@code experiments/…}. */
final class ExperimentCalls {
    void routes(Routes routes) {
        routes.at("POST", "experiments/create", this::create);
        routes.at("GET", "experiments/get", this::byId);
        routes.at("GET", "experiments/get-by-name", this::byName);
        routes.at("POST", "experiments/update", this::update);
        routes.at("POST", "experiments/delete", this::delete);
        routes.at("POST", "experiments/restore", this::restore);
        routes.at("POST", "experiments/set-experiment-tag", this::setTag);
        routes.at("POST", "experiments/delete-experiment-tag", this::deleteTag);
    }

    private Answer create(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String location = asked.textOr("artifact_location", "");
        Map<String, String> tags = asked.pairs("tags");
        String id = in.write(tx -> in.experiments().create(tx, name, location, tags)).id();
        return json -> json.writeStringProperty("experiment_id", id);
    }

    /** An experiment with its tags. */
    private record Tagged(Experiment experiment, Map<String, String> tags) {
        static Tagged of(Workspace in, Transaction tx, Experiment experiment) {
            return new Tagged(experiment, in.experiments().tags(tx, experiment.id()));
        }

        Answer answer() {
            return json -> {
                json.writeName("experiment");
                Wire.experiment(json, experiment, tags);
            };
        }
    }

    private Answer byId(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.text("experiment_id");
        return in.read(tx -> Tagged.of(in, tx, in.experiments().experiment(tx, id))).answer();
    }

    private Answer byName(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("experiment_name");
        return in.read(
                        tx ->
                                in.tracking()
                                        .findExperiment(tx, name)
                                        .map(found -> Tagged.of(in, tx, found)))
                .orElseThrow(
                        () ->
                                MlflowException.unknown(
                                        "Could not find experiment with name '" + name + "'"))
                .answer();
    }

    private Answer update(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.text("experiment_id");
        String name = asked.text("new_name");
        return in.change(tx -> in.experiments().rename(tx, id, name));
    }

    private Answer delete(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.text("experiment_id");
        return in.change(tx -> in.experiments().delete(tx, id));
    }

    private Answer restore(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.text("experiment_id");
        return in.change(tx -> in.experiments().restore(tx, id));
    }

    private Answer setTag(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.text("experiment_id");
        String key = asked.text("key");
        String value = asked.anyText("value");
        return in.change(tx -> in.experiments().setTag(tx, id, key, value));
    }

    private Answer deleteTag(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.text("experiment_id");
        String key = asked.text("key");
        return in.change(tx -> in.experiments().deleteTag(tx, id, key));
    }
}
