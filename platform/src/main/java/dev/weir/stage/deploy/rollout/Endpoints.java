package dev.weir.stage.deploy.rollout;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Registry;
import dev.weir.stage.deploy.rollout.plan.Deployment;
import dev.weir.stage.deploy.rollout.plan.Step;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The endpoints of one workspace, and how each answers now. Keeps no state of its own. */
public final class Endpoints {
    private final String workspace;
    private final Registry registry;
    private final Ledger ledger;
    private final Clock clock;

    public Endpoints(String workspace, Registry registry, Ledger ledger, Clock clock) {
        this.workspace = workspace;
        this.registry = registry;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Has a model answer under a name, or changes how it does. A new endpoint begins with the
     * version that is in production, if there is one; else with none.
     *
     * @throws dev.weir.base.problem.ProblemException refused, where the name is another model's, or
     *     the model answers under another name
     */
    public Endpoint declare(Transaction tx, Actor actor, String model, Deployment deployment) {
        EndpointDao rows = new EndpointDao(tx, workspace);
        Optional<Endpoint> known = rows.named(deployment.endpoint());
        if (known.isEmpty()) {
            rows.ofModel(model)
                    .ifPresent(
                            other -> {
                                throw refused(deployment, model + " answers as " + other.name());
                            });
            rows.insert(deployment.endpoint(), model, deployment, clock.instant());
            tell(tx, actor, "endpoint.created", deployment, model);
            Endpoint made = named(tx, deployment.endpoint());
            Optional<ModelVersion> production = registry.production(tx, model);
            return production.isEmpty()
                    ? made
                    : answering(tx, actor, made, production.get().version());
        }
        Endpoint endpoint = known.get();
        if (!endpoint.model().equals(model)) {
            throw refused(deployment, "it answers for " + endpoint.model());
        }
        if (endpoint.deployment().json().equals(deployment.json())) {
            return endpoint;
        }
        rows.update(
                new Endpoint(
                        endpoint.name(),
                        model,
                        endpoint.primary(),
                        endpoint.warm(),
                        deployment,
                        endpoint.revision(),
                        endpoint.created(),
                        endpoint.updated()),
                clock.instant());
        tell(tx, actor, "endpoint.changed", deployment, model);
        return named(tx, endpoint.name());
    }

    private static RuntimeException refused(Deployment deployment, String why) {
        return Problem.refused(
                        "endpoint.taken",
                        "endpoint %s: %s (expected: one name for one model)"
                                .formatted(deployment.endpoint(), why))
                .exception();
    }

    private void tell(
            Transaction tx, Actor actor, String kind, Deployment deployment, String model) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode().put("model", model);
        payload.set("deployment", deployment.json());
        ledger.append(tx, workspace, actor, kind, subject(deployment.endpoint()), payload);
    }

    /** The same endpoint with another version in production; what was there is kept warm. */
    Endpoint answering(Transaction tx, Actor actor, Endpoint endpoint, long version) {
        new EndpointDao(tx, workspace)
                .update(
                        new Endpoint(
                                endpoint.name(),
                                endpoint.model(),
                                version,
                                endpoint.primary(),
                                endpoint.deployment(),
                                endpoint.revision(),
                                endpoint.created(),
                                endpoint.updated()),
                        clock.instant());
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("model", endpoint.model());
        payload.put("version", version);
        payload.put("before", endpoint.primary());
        ledger.append(tx, workspace, actor, "endpoint.answers", subject(endpoint.name()), payload);
        return named(tx, endpoint.name());
    }

    /** Tells servers that the routes of an endpoint are others now. */
    void moved(Transaction tx, String name) {
        new EndpointDao(tx, workspace).touch(name, clock.instant());
    }

    /** All endpoints, by name. */
    public List<Endpoint> all(Transaction tx) {
        return new EndpointDao(tx, workspace).all();
    }

    /**
     * The endpoint of this name.
     *
     * @throws dev.weir.base.problem.ProblemException where there is none; its hint names the
     *     nearest
     */
    public Endpoint named(Transaction tx, String name) {
        EndpointDao rows = new EndpointDao(tx, workspace);
        return rows.named(name)
                .orElseThrow(
                        () -> {
                            List<String> known = rows.all().stream().map(Endpoint::name).toList();
                            return Problem.input(
                                            "endpoint.unknown",
                                            "endpoint: " + name + " (expected: one of this home)")
                                    .hint(
                                            known.isEmpty()
                                                    ? "There is none yet: a pipeline file names one"
                                                            + " under deploy.endpoint, and weir"
                                                            + " promote makes it."
                                                    : DidYouMean.hint(name, known))
                                    .exception();
                        });
    }

    /** The endpoint that answers for a model, if one does. */
    public Optional<Endpoint> ofModel(Transaction tx, String model) {
        return new EndpointDao(tx, workspace).ofModel(model);
    }

    /**
     * A number that grows with every change of any route: while it stays, what {@link #routes} gave
     * is still so. One cheap query; 0 where there is no endpoint.
     */
    public long revision(Transaction tx) {
        return new EndpointDao(tx, workspace).revision();
    }

    /** How every endpoint is to be answered now, by name: what a server makes its snapshot of. */
    public List<Route> routes(Transaction tx) {
        Map<String, Rollout> live =
                new RolloutDao(tx, workspace)
                        .live().stream()
                                .collect(Collectors.toMap(Rollout::endpoint, Function.identity()));
        return all(tx).stream()
                .map(
                        endpoint ->
                                new Route(
                                        endpoint.name(),
                                        endpoint.model(),
                                        endpoint.primary(),
                                        endpoint.warm(),
                                        endpoint.deployment(),
                                        Optional.ofNullable(live.get(endpoint.name()))
                                                .map(Endpoints::live)))
                .toList();
    }

    private static Route.Live live(Rollout rollout) {
        Optional<Step> step = rollout.current();
        return new Route.Live(
                rollout.id(),
                rollout.step(),
                rollout.version(),
                step.map(
                                current ->
                                        current instanceof Step.Shadow
                                                ? Route.Mode.SHADOW
                                                : Route.Mode.SPLIT)
                        .orElse(Route.Mode.PREPARED),
                step.map(Step::percent).orElse(0.0));
    }

    /** The subject of events about an endpoint and its rollouts. */
    static String subject(String endpoint) {
        return "endpoint:" + endpoint;
    }
}
