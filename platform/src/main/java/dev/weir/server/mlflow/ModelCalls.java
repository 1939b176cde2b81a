package dev.weir.server.mlflow;

import dev.weir.ml.registry.ModelDetails;
import dev.weir.ml.registry.PromotionRequest;
import dev.weir.ml.registry.RegisteredModel;
import dev.weir.ml.registry.Registry;
import dev.weir.ml.registry.RegistrySearch;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.VersionDetails;
import dev.weir.ml.registry.VersionRef;
import dev.weir.ml.tracking.search.Filter;
import dev.weir.ml.tracking.search.FilterParser;
import dev.weir.ml.tracking.search.OrderBy;
import dev.weir.ml.tracking.search.Page;
import dev.weir.store.meta.Transaction;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code registered-models/…}. */
final class ModelCalls {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final Pattern VERSION_LIKE = Pattern.compile("[vV]\\d+");

    void routes(Routes routes) {
        routes.at("POST", "registered-models/create", this::create);
        routes.at("GET", "registered-models/get", this::get);
        routes.at("POST", "registered-models/rename", this::rename);
        routes.at("PATCH", "registered-models/update", this::update);
        routes.at("DELETE", "registered-models/delete", this::delete);
        routes.at("GET", "registered-models/search", this::search);
        routes.at("GET", "registered-models/get-latest-versions", this::latest);
        routes.at("POST", "registered-models/get-latest-versions", this::latest);
        routes.at("POST", "registered-models/set-tag", this::setTag);
        routes.at("DELETE", "registered-models/delete-tag", this::deleteTag);
        routes.at("POST", "registered-models/alias", this::setAlias);
        routes.at("DELETE", "registered-models/alias", this::deleteAlias);
        routes.at("GET", "registered-models/alias", this::byAlias);
    }

    /** The model of this name, or MLflow's words for that there is none. */
    static RegisteredModel known(Workspace in, Transaction tx, String name) {
        return in.registry()
                .findModel(tx, name)
                .orElseThrow(
                        () ->
                                MlflowException.unknown(
                                        "Registered Model with name=" + name + " not found"));
    }

    private static Answer answer(ModelDetails model) {
        return json -> {
            json.writeName("registered_model");
            RegistryWire.model(json, model);
        };
    }

    private Answer create(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String description = asked.textOr("description", "");
        Map<String, String> tags = asked.pairs("tags");
        return answer(
                in.write(
                        tx -> {
                            in.edits().create(tx, in.actor(), name, description, tags);
                            return in.edits().details(tx, name);
                        }));
    }

    private Answer get(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        return answer(in.read(tx -> in.edits().details(tx, known(in, tx, name).name())));
    }

    private Answer rename(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String to = asked.text("new_name");
        return answer(
                in.write(
                        tx -> {
                            known(in, tx, name);
                            in.edits().rename(tx, in.actor(), name, to);
                            return in.edits().details(tx, to);
                        }));
    }

    private Answer update(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String description = asked.textOr("description", "");
        return answer(
                in.write(
                        tx -> {
                            known(in, tx, name);
                            in.edits().describe(tx, in.actor(), name, description);
                            return in.edits().details(tx, name);
                        }));
    }

    private Answer delete(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        return in.change(
                tx -> {
                    String known = known(in, tx, name).name();
                    in.promotions().requireUnserved(tx, in.registry().versions(tx, known));
                    in.edits().delete(tx, in.actor(), known);
                });
    }

    private Answer search(Asked asked) {
        Workspace in = asked.workspace();
        Filter filter = FilterParser.filter(RegistrySearch.MODELS, asked.textOr("filter", ""));
        List<OrderBy> orderBy = FilterParser.orders(RegistrySearch.MODELS, asked.texts("order_by"));
        int limit = asked.maxResults(USUAL, MOST);
        String token = asked.maybe("page_token").orElse(null);
        Page<ModelDetails> page =
                in.read(
                        tx ->
                                new RegistrySearch(in.registry(), in.edits())
                                        .models(tx, filter, orderBy, limit, token));
        return json -> {
            if (!page.items().isEmpty()) {
                json.writeArrayPropertyStart("registered_models");
                page.items().forEach(model -> RegistryWire.model(json, model));
                json.writeEndArray();
            }
            SearchCalls.next(json, page);
        };
    }

    private Answer latest(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        List<Stage> stages = asked.texts("stages").stream().map(RegistryWire::stage).toList();
        List<VersionDetails> latest =
                in.read(tx -> in.edits().details(tx, known(in, tx, name).name())).latest();
        return json ->
                RegistryWire.versions(
                        json,
                        latest.stream()
                                .filter(
                                        v ->
                                                stages.isEmpty()
                                                        || stages.contains(v.version().stage()))
                                .toList());
    }

    private Answer setTag(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String key = asked.text("key");
        String value = asked.anyText("value");
        return in.change(
                tx -> in.edits().setTag(tx, in.actor(), known(in, tx, name).name(), key, value));
    }

    private Answer deleteTag(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String key = asked.text("key");
        return in.change(
                tx -> in.edits().deleteTag(tx, in.actor(), known(in, tx, name).name(), key));
    }

    /** To point a reserved alias to a version is to ask for its promotion. */
    private Answer setAlias(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String alias = checked(asked.text("alias"));
        String version = asked.text("version");
        if (Registry.RESERVED.contains(alias)) {
            VersionCalls.promote(
                    in,
                    tx ->
                            PromotionRequest.to(
                                    VersionCalls.known(in, tx, name, version).ref(),
                                    Stage.of(alias)));
            return Answer.EMPTY;
        }
        return in.change(
                tx ->
                        in.registry()
                                .setAlias(
                                        tx,
                                        in.actor(),
                                        alias,
                                        VersionCalls.known(in, tx, name, version).ref()));
    }

    private static String checked(String alias) {
        if (alias.toLowerCase(Locale.ROOT).equals("latest")) {
            throw MlflowException.invalid("'latest' alias name (case insensitive) is reserved.");
        }
        if (VERSION_LIKE.matcher(alias).matches()) {
            throw MlflowException.invalid(
                    "Version alias name '" + alias + "' is reserved: v and a number.");
        }
        return alias;
    }

    private Answer deleteAlias(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String alias = asked.text("alias");
        return in.change(
                tx -> {
                    known(in, tx, name);
                    in.registry().deleteAlias(tx, in.actor(), name, alias);
                });
    }

    private Answer byAlias(Asked asked) {
        Workspace in = asked.workspace();
        String name = asked.text("name");
        String alias = checked(asked.text("alias"));
        return VersionCalls.answer(
                in.read(
                        tx -> {
                            RegisteredModel model = known(in, tx, name);
                            Optional<Long> version =
                                    Optional.ofNullable(model.aliases().get(alias));
                            return in.edits()
                                    .details(
                                            tx,
                                            VersionRef.of(
                                                    name,
                                                    version.orElseThrow(
                                                            () -> unknownAlias(alias))));
                        }));
    }

    private static MlflowException unknownAlias(String alias) {
        return MlflowException.invalid("Registered model alias " + alias + " not found.");
    }
}
