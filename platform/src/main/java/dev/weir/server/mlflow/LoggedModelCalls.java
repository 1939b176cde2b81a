package dev.weir.server.mlflow;

import dev.weir.ml.tracking.ArtifactPath;
import dev.weir.ml.tracking.LoggedModel;
import dev.weir.ml.tracking.ModelUse;
import dev.weir.ml.tracking.RunInput;
import dev.weir.ml.tracking.search.Field;
import dev.weir.ml.tracking.search.Filter;
import dev.weir.ml.tracking.search.FilterParser;
import dev.weir.ml.tracking.search.OrderBy;
import dev.weir.ml.tracking.search.Ordering;
import dev.weir.ml.tracking.search.Page;
import dev.weir.ml.tracking.search.Subject;
import dev.weir.ml.tracking.search.Vocabulary;
import dev.weir.store.meta.Transaction;

import tools.jackson.core.JsonGenerator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** {@code logged-models/…}, and what runs say of models and datasets: inputs and outputs. */
final class LoggedModelCalls {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final String STATUS = "LOGGED_MODEL_";

    private static final Vocabulary MODELS =
            Vocabulary.of(
                    Map.of(
                            "name", Vocabulary.Type.TEXT,
                            "model_id", Vocabulary.Type.LISTED,
                            "model_type", Vocabulary.Type.TEXT,
                            "status", Vocabulary.Type.TEXT,
                            "source_run_id", Vocabulary.Type.LISTED,
                            "creation_timestamp", Vocabulary.Type.NUMBER,
                            "creation_time", Vocabulary.Type.NUMBER,
                            "last_updated_timestamp", Vocabulary.Type.NUMBER),
                    Set.of(Field.Kind.PARAM, Field.Kind.TAG));

    void routes(Routes routes) {
        routes.at("POST", "logged-models", this::create);
        routes.at("POST", "logged-models/search", this::search);
        routes.below("GET", "logged-models", "", this::get);
        routes.below("PATCH", "logged-models", "", this::finish);
        routes.below("DELETE", "logged-models", "", this::delete);
        routes.below("PATCH", "logged-models", "/tags", this::setTags);
        routes.below("DELETE", "logged-models", "/tags/*", this::deleteTag);
        routes.below("POST", "logged-models", "/params", this::logParams);
        routes.below("GET", "logged-models", "/artifacts/directories", this::artifacts);
        routes.at("POST", "runs/log-inputs", this::inputs);
        routes.at("POST", "runs/outputs", this::outputs);
        routes.at("POST", "runs/log-model", this::logModel);
    }

    /** A logged model, and where its files are. */
    private record Located(LoggedModel model, String artifactUri) {
        static Located of(Workspace in, Transaction tx, LoggedModel model) {
            return new Located(
                    model,
                    new ArtifactUris(in.experiments())
                            .ofModel(tx, model.experimentId(), model.id()));
        }

        Answer answer() {
            return json -> {
                json.writeName("model");
                write(json);
            };
        }

        void write(JsonGenerator json) {
            json.writeStartObject();
            json.writeObjectPropertyStart("info");
            json.writeStringProperty("model_id", model.id());
            json.writeStringProperty("experiment_id", model.experimentId());
            json.writeStringProperty("name", model.name());
            Wire.millis(json, "creation_timestamp_ms", model.created());
            Wire.millis(json, "last_updated_timestamp_ms", model.updated());
            json.writeStringProperty("artifact_uri", artifactUri);
            json.writeStringProperty("status", STATUS + model.status().name());
            json.writeStringProperty("model_type", model.type());
            Wire.text(json, "source_run_id", model.runId() instanceof String run ? run : "");
            Wire.pairs(json, "tags", model.tags());
            json.writeEndObject();
            json.writeObjectPropertyStart("data");
            Wire.pairs(json, "params", model.params());
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private Answer create(Asked asked) {
        Workspace in = asked.workspace();
        String id = "m-" + in.ids().next();
        String experiment = asked.text("experiment_id");
        String name = asked.textOr("name", RunNames.of(id));
        String type = asked.textOr("model_type", "");
        String run = asked.maybe("source_run_id").filter(r -> !r.isEmpty()).orElse(null);
        Map<String, String> params = asked.pairs("params");
        Map<String, String> tags = asked.pairs("tags");
        return in.write(
                        tx -> {
                            in.experiments().experiment(tx, experiment);
                            return Located.of(
                                    in,
                                    tx,
                                    in.loggedModels()
                                            .create(
                                                    tx,
                                                    id,
                                                    experiment,
                                                    name,
                                                    type,
                                                    run,
                                                    params,
                                                    tags));
                        })
                .answer();
    }

    private Answer get(Asked asked) {
        Workspace in = asked.workspace();
        return in.read(tx -> Located.of(in, tx, in.loggedModels().model(tx, asked.rest())))
                .answer();
    }

    private Answer finish(Asked asked) {
        Workspace in = asked.workspace();
        String word = asked.text("status");
        LoggedModel.Status status = null;
        for (LoggedModel.Status known : LoggedModel.Status.values()) {
            if (word.equals(STATUS + known.name())) {
                status = known;
            }
        }
        if (status == null) {
            throw MlflowException.wrongType(
                    "status", "'" + word + "'", "LOGGED_MODEL_READY, LOGGED_MODEL_UPLOAD_FAILED");
        }
        LoggedModel.Status now = status;
        return in.write(tx -> Located.of(in, tx, in.loggedModels().finish(tx, asked.rest(), now)))
                .answer();
    }

    private Answer delete(Asked asked) {
        Workspace in = asked.workspace();
        return in.change(tx -> in.loggedModels().delete(tx, asked.rest()));
    }

    private Answer setTags(Asked asked) {
        Workspace in = asked.workspace();
        Map<String, String> tags = asked.pairs("tags");
        return in.change(tx -> in.loggedModels().setTags(tx, asked.rest(), tags));
    }

    private Answer deleteTag(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.rest().substring(0, asked.rest().indexOf('/'));
        String key = asked.rest().substring(id.length() + 1);
        return in.change(tx -> in.loggedModels().deleteTag(tx, id, key));
    }

    private Answer logParams(Asked asked) {
        Workspace in = asked.workspace();
        Map<String, String> params = asked.pairs("params");
        return in.change(tx -> in.loggedModels().logParams(tx, asked.rest(), params));
    }

    private Answer artifacts(Asked asked) {
        Workspace in = asked.workspace();
        String below = asked.textOr("artifact_directory_path", "");
        record Listed(String root, List<dev.weir.ml.tracking.ArtifactEntry> entries) {}
        Listed listed =
                in.read(
                        tx -> {
                            LoggedModel model = in.loggedModels().model(tx, asked.rest());
                            ArtifactPath root =
                                    new ArtifactPath(
                                            model.experimentId()
                                                    + "/models/"
                                                    + model.id()
                                                    + "/artifacts");
                            return new Listed(
                                    Located.of(in, tx, model).artifactUri(),
                                    in.artifacts().list(tx, root.child(below)));
                        });
        return json -> {
            json.writeStringProperty("root_uri", listed.root());
            ArtifactCalls.write(json, below.isEmpty() ? "" : below + "/", listed.entries());
        };
    }

    private Answer search(Asked asked) {
        Workspace in = asked.workspace();
        Filter filter = FilterParser.filter(MODELS, asked.textOr("filter", ""));
        List<OrderBy> orderBy =
                FilterParser.orders(
                        MODELS,
                        asked.objects("order_by").stream()
                                .map(
                                        by ->
                                                by.text("field_name")
                                                        + (by.has("ascending")
                                                                        && !by.flag("ascending")
                                                                ? " DESC"
                                                                : ""))
                                .toList());
        int limit = asked.maxResults(USUAL, MOST);
        String token = asked.maybe("page_token").orElse(null);
        List<String> experiments = asked.texts("experiment_ids");
        Comparator<Found> newest =
                Comparator.comparing((Found f) -> f.model().created())
                        .reversed()
                        .thenComparing(f -> f.model().id());
        Page<Located> page =
                in.read(
                        tx ->
                                Page.of(
                                                in.loggedModels().all(tx, experiments).stream()
                                                        .map(Found::new)
                                                        .filter(filter::matches)
                                                        .sorted(Ordering.of(orderBy, newest))
                                                        .toList(),
                                                limit,
                                                token)
                                        .map(found -> Located.of(in, tx, found.model())));
        return json -> {
            if (!page.items().isEmpty()) {
                json.writeArrayPropertyStart("models");
                page.items().forEach(model -> model.write(json));
                json.writeEndArray();
            }
            SearchCalls.next(json, page);
        };
    }

    /** A logged model, as a filter asks it. */
    private record Found(LoggedModel model) implements Subject {
        @Override
        public Optional<String> text(Field field) {
            return switch (field.kind()) {
                case TAG -> Optional.ofNullable(model.tags().get(field.key()));
                case PARAM -> Optional.ofNullable(model.params().get(field.key()));
                case ATTRIBUTE ->
                        switch (field.key()) {
                            case "name" -> Optional.of(model.name());
                            case "model_id" -> Optional.of(model.id());
                            case "model_type" -> Optional.of(model.type());
                            case "status" -> Optional.of(model.status().name());
                            case "source_run_id" -> Optional.ofNullable(model.runId());
                            default -> Optional.empty();
                        };
                case METRIC, DATASET -> Optional.empty();
            };
        }

        @Override
        public OptionalDouble number(Field field) {
            return switch (field.key()) {
                case "creation_timestamp", "creation_time" ->
                        OptionalDouble.of(model.created().toEpochMilli());
                case "last_updated_timestamp" -> OptionalDouble.of(model.updated().toEpochMilli());
                default -> OptionalDouble.empty();
            };
        }
    }

    private Answer inputs(Asked asked) {
        Workspace in = asked.workspace();
        String run = asked.runId();
        List<RunInput> inputs = new ArrayList<>();
        for (Asked one : asked.objects("datasets")) {
            Asked dataset =
                    one.object("dataset").orElseThrow(() -> MlflowException.missing("dataset"));
            inputs.add(
                    new RunInput(
                            dataset.text("name"),
                            dataset.text("digest"),
                            dataset.textOr("source_type", ""),
                            dataset.textOr("source", ""),
                            dataset.textOr("schema", ""),
                            dataset.textOr("profile", ""),
                            one.pairs("tags")));
        }
        List<ModelUse> models = uses(asked, ModelUse.Role.INPUT);
        return in.change(
                tx -> {
                    inputs.forEach(input -> in.tracking().input(tx, run, input));
                    use(in, tx, run, models);
                });
    }

    private static List<ModelUse> uses(Asked asked, ModelUse.Role role) {
        return asked.objects("models").stream()
                .map(
                        model ->
                                new ModelUse(
                                        model.text("model_id"),
                                        role,
                                        model.whole("step").orElse(0L)))
                .toList();
    }

    private static void use(Workspace in, Transaction tx, String run, List<ModelUse> uses) {
        in.tracking().requireWritable(tx, run);
        in.loggedModels().use(tx, run, uses);
    }

    private Answer outputs(Asked asked) {
        Workspace in = asked.workspace();
        String run = asked.runId();
        List<ModelUse> models = uses(asked, ModelUse.Role.OUTPUT);
        return in.change(tx -> use(in, tx, run, models));
    }

    /** Clients of the 2.x line tell of a model by a tag of its run: a list that grows. */
    private Answer logModel(Asked asked) {
        Workspace in = asked.workspace();
        String run = asked.runId();
        String model = asked.text("model_json");
        return in.change(
                tx -> {
                    String before =
                            in.tracking()
                                    .run(tx, run)
                                    .tags()
                                    .getOrDefault("mlflow.log-model.history", "[]");
                    String all =
                            before.endsWith("}]")
                                    ? before.substring(0, before.length() - 1) + ", " + model + "]"
                                    : "[" + model + "]";
                    in.tracking()
                            .log(
                                    tx,
                                    run,
                                    dev.weir.ml.tracking.Batch.ofTags(
                                            Map.of(
                                                    "mlflow.log-model.history",
                                                    BatchReader.cut(all, BatchReader.TAG_VALUE))));
                });
    }
}
