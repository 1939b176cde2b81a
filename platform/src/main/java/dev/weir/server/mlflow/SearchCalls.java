package dev.weir.server.mlflow;

import dev.weir.ml.tracking.DatasetUse;
import dev.weir.ml.tracking.Experiment;
import dev.weir.ml.tracking.ModelUse;
import dev.weir.ml.tracking.Run;
import dev.weir.ml.tracking.RunInput;
import dev.weir.ml.tracking.search.ExperimentSearch;
import dev.weir.ml.tracking.search.FilterParser;
import dev.weir.ml.tracking.search.Page;
import dev.weir.ml.tracking.search.RunQuery;
import dev.weir.ml.tracking.search.RunSearch;
import dev.weir.ml.tracking.search.Vocabulary;
import dev.weir.store.meta.Transaction;

import tools.jackson.core.JsonGenerator;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/** {@code runs/search}, {@code experiments/search}. */
final class SearchCalls {
    private static final int MOST = 50_000;
    private static final int USUAL = 1_000;

    void routes(Routes routes) {
        routes.at("POST", "runs/search", this::runs);
        routes.at("POST", "experiments/search", this::experiments);
        routes.at("GET", "experiments/search", this::experiments);
        routes.at("POST", "experiments/search-datasets", this::datasets);
    }

    private Answer runs(Asked asked) {
        Workspace in = asked.workspace();
        RunQuery query =
                new RunQuery(
                        asked.texts("experiment_ids"),
                        FilterParser.filter(Vocabulary.RUNS, asked.textOr("filter", "")),
                        FilterParser.orders(Vocabulary.RUNS, asked.texts("order_by")),
                        view(asked, "run_view_type"),
                        asked.maxResults(USUAL, MOST),
                        asked.maybe("page_token").orElse(null));
        record Found(
                Page<Run> page,
                List<List<RunInput>> inputs,
                List<List<ModelUse>> models,
                List<String> artifactUris) {
            static Found of(Workspace in, Transaction tx, RunQuery query) {
                Page<Run> page = new RunSearch(in.name(), in.tracking()).search(tx, query);
                ArtifactUris uris = new ArtifactUris(in.experiments());
                return new Found(
                        page,
                        in.tracking().inputs(tx, page.items().stream().map(Run::info).toList()),
                        in.loggedModels()
                                .uses(
                                        tx,
                                        page.items().stream().map(run -> run.info().id()).toList()),
                        page.items().stream()
                                .map(
                                        run ->
                                                uris.ofRun(
                                                        tx,
                                                        run.info().experimentId(),
                                                        run.info().id()))
                                .toList());
            }
        }
        Found found = in.read(tx -> Found.of(in, tx, query));
        return json -> {
            List<Run> runs = found.page().items();
            if (!runs.isEmpty()) {
                json.writeArrayPropertyStart("runs");
                for (int i = 0; i < runs.size(); i++) {
                    new WholeRun(
                                    runs.get(i),
                                    found.inputs().get(i),
                                    found.models().get(i),
                                    found.artifactUris().get(i))
                            .write(json);
                }
                json.writeEndArray();
            }
            next(json, found.page());
        };
    }

    private Answer experiments(Asked asked) {
        Workspace in = asked.workspace();
        RunQuery.View view = view(asked, "view_type");
        ExperimentSearch.Query query =
                new ExperimentSearch.Query(
                        FilterParser.filter(Vocabulary.EXPERIMENTS, asked.textOr("filter", "")),
                        FilterParser.orders(Vocabulary.EXPERIMENTS, asked.texts("order_by")),
                        view,
                        asked.maxResults(USUAL, MOST),
                        asked.maybe("page_token").orElse(null));
        record Found(Page<Experiment> page, List<SortedMap<String, String>> tags) {}
        Found found =
                in.read(
                        tx -> {
                            Page<Experiment> page =
                                    new ExperimentSearch(in.experiments()).search(tx, query);
                            return new Found(
                                    page,
                                    page.items().stream()
                                            .map(e -> in.experiments().tags(tx, e.id()))
                                            .toList());
                        });
        return json -> {
            List<Experiment> experiments = found.page().items();
            if (!experiments.isEmpty()) {
                json.writeArrayPropertyStart("experiments");
                for (int i = 0; i < experiments.size(); i++) {
                    Wire.experiment(json, experiments.get(i), found.tags().get(i));
                }
                json.writeEndArray();
            }
            next(json, found.page());
        };
    }

    private Answer datasets(Asked asked) {
        Workspace in = asked.workspace();
        List<String> ids = asked.texts("experiment_ids");
        if (ids.isEmpty()) {
            throw MlflowException.missing("experiment_ids");
        }
        List<DatasetUse> uses = in.read(tx -> in.tracking().datasets(tx, ids));
        return json -> {
            if (!uses.isEmpty()) {
                json.writeArrayPropertyStart("dataset_summaries");
                for (DatasetUse use : uses) {
                    json.writeStartObject();
                    json.writeStringProperty("experiment_id", use.experimentId());
                    json.writeStringProperty("name", use.name());
                    json.writeStringProperty("digest", use.digest());
                    Wire.text(json, "context", use.context());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        };
    }

    static void next(JsonGenerator json, Page<?> page) {
        if (page.next() instanceof String token) {
            json.writeStringProperty("next_page_token", token);
        }
    }

    private static RunQuery.View view(Asked asked, String name) {
        String word = asked.textOr(name, "ACTIVE_ONLY");
        return Arrays.stream(RunQuery.View.values())
                .filter(
                        view ->
                                view.name().equals(word)
                                        || String.valueOf(view.ordinal() + 1).equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                MlflowException.wrongType(
                                        name,
                                        "'" + word + "'",
                                        Arrays.toString(RunQuery.View.values())));
    }
}
