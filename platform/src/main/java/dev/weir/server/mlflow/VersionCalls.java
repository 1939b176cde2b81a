package dev.weir.server.mlflow;

import dev.weir.ml.registry.ClientVersion;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.PromotionRequest;
import dev.weir.ml.registry.PromotionState;
import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.RegistrySearch;
import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.VersionDetails;
import dev.weir.ml.registry.VersionRef;
import dev.weir.ml.tracking.LoggedModel;
import dev.weir.ml.tracking.search.Filter;
import dev.weir.ml.tracking.search.FilterParser;
import dev.weir.ml.tracking.search.OrderBy;
import dev.weir.ml.tracking.search.Page;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code model-versions/…}. */
final class VersionCalls {
    private static final int USUAL = 10_000;
    private static final int MOST = 200_000;
    private static final String MODELS = "models:/m-";

    /** The tag by which a version names the promotion that a client's request was. */
    private static final String PROMOTION = "weir.promotion";

    void routes(Routes routes) {
        routes.at("POST", "model-versions/create", this::create);
        routes.at("GET", "model-versions/get", this::get);
        routes.at("PATCH", "model-versions/update", this::update);
        routes.at("DELETE", "model-versions/delete", this::delete);
        routes.at("GET", "model-versions/search", this::search);
        routes.at("POST", "model-versions/transition-stage", this::transition);
        routes.at("GET", "model-versions/get-download-uri", this::downloadUri);
        routes.at("POST", "model-versions/set-tag", this::setTag);
        routes.at("DELETE", "model-versions/delete-tag", this::deleteTag);
    }

    /** The version of this number, or MLflow's words for that there is none. */
    static ModelVersion known(Workspace in, Transaction tx, String name, String version) {
        return in.registry()
                .findVersion(tx, name, number(version))
                .orElseThrow(
                        () ->
                                MlflowException.unknown(
                                        "Model Version (name=%s, version=%s) not found"
                                                .formatted(name, version)));
    }

    private static long number(String version) {
        try {
            return Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw MlflowException.invalid(
                    "Model version must be an integer, got '" + version + "'");
        }
    }

    static Answer answer(VersionDetails version) {
        return json -> {
            json.writeName("model_version");
            RegistryWire.version(json, version, true);
        };
    }

    private Answer create(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String source = asked.text("source");
        String runId = asked.textOr("run_id", "");
        String modelId = asked.textOr("model_id", "");
        String runLink = asked.textOr("run_link", "");
        String description = asked.textOr("description", "");
        Map<String, String> tags = asked.pairs("tags");
        return answer(
                in.write(
                        tx -> {
                            ModelCalls.known(in, tx, name);
                            Optional<LoggedModel> logged = logged(in, tx, source, modelId);
                            @Nullable String run =
                                    runId.isEmpty()
                                            ? logged.map(LoggedModel::runId).orElse(null)
                                            : runId;
                            String location =
                                    logged.map(
                                                    model ->
                                                            new ArtifactUris(in.experiments())
                                                                    .ofModel(
                                                                            tx,
                                                                            model.experimentId(),
                                                                            model.id()))
                                            .orElse("");
                            ModelVersion version =
                                    in.edits()
                                            .register(
                                                    tx,
                                                    in.actor(),
                                                    new ClientVersion(
                                                            name,
                                                            source,
                                                            location,
                                                            ClientRecipe.of(in, tx, run),
                                                            run,
                                                            runLink,
                                                            description,
                                                            tags));
                            logged.ifPresent(model -> tell(in, tx, model, version));
                            return in.edits().details(tx, version.ref());
                        }));
    }

    private static Optional<LoggedModel> logged(
            Workspace in, Transaction tx, String source, String modelId) {
        String id = source.startsWith(MODELS) ? source.substring("models:/".length()) : modelId;
        return id.isEmpty() ? Optional.empty() : Optional.of(in.loggedModels().model(tx, id));
    }

    /** A logged model says which versions were made of it, in the words of MLflow's clients. */
    private static void tell(
            Workspace in, Transaction tx, LoggedModel model, ModelVersion version) {
        String one =
                "{\"name\": \"%s\", \"version\": %d}"
                        .formatted(version.model().replace("\"", "\\\""), version.version());
        String before = model.tags().getOrDefault("mlflow.modelVersions", "[]");
        String all =
                before.endsWith("}]")
                        ? before.substring(0, before.length() - 1) + ", " + one + "]"
                        : "[" + one + "]";
        in.loggedModels().setTags(tx, model.id(), Map.of("mlflow.modelVersions", all));
    }

    private Answer get(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String version = asked.text("version");
        return answer(in.read(tx -> in.edits().details(tx, known(in, tx, name, version).ref())));
    }

    private Answer update(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String version = asked.text("version");
        String description = asked.textOr("description", "");
        return answer(
                in.write(
                        tx -> {
                            VersionRef ref = known(in, tx, name, version).ref();
                            in.registry().describe(tx, in.actor(), ref, description);
                            return in.edits().details(tx, ref);
                        }));
    }

    private Answer delete(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String version = asked.text("version");
        return in.change(
                tx -> {
                    ModelVersion known = known(in, tx, name, version);
                    in.promotions().requireUnserved(tx, List.of(known));
                    in.edits().delete(tx, in.actor(), known.ref());
                });
    }

    private Answer search(Asked asked) {
        Workspace in = asked.workspace();
        Filter filter = FilterParser.filter(RegistrySearch.VERSIONS, asked.textOr("filter", ""));
        List<OrderBy> orderBy =
                FilterParser.orders(RegistrySearch.VERSIONS, asked.texts("order_by"));
        int limit = asked.maxResults(USUAL, MOST);
        String token = asked.maybe("page_token").orElse(null);
        Page<VersionDetails> page =
                in.read(
                        tx ->
                                new RegistrySearch(in.registry(), in.edits())
                                        .versions(tx, filter, orderBy, limit, token));
        return json -> {
            RegistryWire.versions(json, page.items());
            SearchCalls.next(json, page);
        };
    }

    private Answer transition(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String version = asked.text("version");
        Stage target = RegistryWire.stage(asked.text("stage"));
        boolean archive = asked.flag("archive_existing_versions");
        if (archive && target != Stage.STAGING && target != Stage.PRODUCTION) {
            throw MlflowException.invalid(
                    "Model version transition cannot archive existing model versions because '%s' is not an Active stage. Valid stages are Staging, Production"
                            .formatted(RegistryWire.stage(target)));
        }
        promote(
                in,
                tx ->
                        PromotionRequest.to(known(in, tx, name, version).ref(), target)
                                .archiving(archive));
        return answer(in.read(tx -> in.edits().details(tx, known(in, tx, name, version).ref())));
    }

    /**
     * Asks for a promotion; of a version that is there already nothing is asked. One that waits for
     * an approval is kept, its version is tagged with it, and the client is told so by an error.
     */
    static void promote(Workspace in, Function<Transaction, PromotionRequest> asked) {
        Optional<RequestedPromotion> promotion =
                in.write(
                        tx -> {
                            PromotionRequest request = asked.apply(tx);
                            ModelVersion version = in.registry().version(tx, request.version());
                            return version.stage() == request.target()
                                    ? Optional.empty()
                                    : Optional.of(promote(in, tx, version, request));
                        });
        promotion
                .filter(p -> p.state() == PromotionState.WAITING)
                .ifPresent(
                        p -> {
                            throw new MlflowException(
                                    ErrorCode.PERMISSION_DENIED, waits(in.promotions(), p));
                        });
    }

    private static RequestedPromotion promote(
            Workspace in, Transaction tx, ModelVersion version, PromotionRequest request) {
        RequestedPromotion promotion =
                in.promotions()
                        .promote(tx, in.actor(), request.because("asked for by an MLflow client"));
        if (version.gated() || promotion.state() != PromotionState.CARRIED_OUT) {
            in.edits().setTag(tx, in.actor(), version.ref(), PROMOTION, promotion.id());
        }
        return promotion;
    }

    private static String waits(Promotions promotions, RequestedPromotion promotion) {
        return "Promotion %s of %s to %s waits for %s, since %s. To say yes: weir promotions approve %s"
                .formatted(
                        promotion.id(),
                        promotion.ref(),
                        promotion.target().word(),
                        promotions.waitsFor(promotion).orElse("an approval"),
                        promotion.because(),
                        promotion.id());
    }

    private Answer downloadUri(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String version = asked.text("version");
        String location =
                in.read(tx -> in.edits().details(tx, known(in, tx, name, version).ref()))
                        .location();
        return json -> json.writeStringProperty("artifact_uri", location);
    }

    private Answer setTag(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String version = asked.text("version");
        String key = asked.text("key");
        String value = asked.anyText("value");
        return in.change(
                tx ->
                        in.edits()
                                .setTag(
                                        tx,
                                        in.actor(),
                                        known(in, tx, name, version).ref(),
                                        key,
                                        value));
    }

    private Answer deleteTag(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String version = asked.text("version");
        String key = asked.text("key");
        return in.change(
                tx ->
                        in.edits()
                                .deleteTag(
                                        tx, in.actor(), known(in, tx, name, version).ref(), key));
    }
}
