package dev.weir.stage.deploy.rollout;

import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Promotion;
import dev.weir.ml.registry.PromotionCarrier;
import dev.weir.ml.registry.Registry;
import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.VersionRef;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes up promotions to production of models that have an endpoint. The first version answers at
 * once, in the transaction of its promotion: there is nothing to copy requests from and nothing to
 * compare with. Any other begins a rollout, which servers carry out.
 */
public final class RolloutCarrier implements PromotionCarrier {
    private final String workspace;
    private final Endpoints endpoints;
    private final Registry registry;
    private final Deployments deployments;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;

    public RolloutCarrier(
            String workspace,
            Endpoints endpoints,
            Registry registry,
            Deployments deployments,
            Ledger ledger,
            Clock clock,
            Ids ids) {
        this.workspace = workspace;
        this.endpoints = endpoints;
        this.registry = registry;
        this.deployments = deployments;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Begins a rollout, where the model has an endpoint that answers.
     *
     * @throws dev.weir.base.problem.ProblemException refused, where one is under way ({@code
     *     rollout.live}), and where the version does not fit the endpoint's clients ({@code
     *     rollout.signature})
     */
    @Override
    public boolean begin(Transaction tx, Actor actor, RequestedPromotion promotion) {
        deployments
                .of(promotion.model())
                .ifPresent(d -> endpoints.declare(tx, actor, promotion.model(), d));
        Optional<Endpoint> endpoint = endpoints.ofModel(tx, promotion.model());
        if (endpoint.isEmpty() || endpoint.get().primary() == null) {
            return false;
        }
        refuseWhileUnderWay(tx, endpoint.get());
        ModelVersion version = registry.version(tx, promotion.ref());
        fits(tx, endpoint.get(), version);
        started(tx, actor, endpoint.get(), version, promotion);
        return true;
    }

    /**
     * Has the endpoint answer with what is in production now.
     *
     * @throws dev.weir.base.problem.ProblemException refused, while a rollout is under way:
     *     aborting it is what returns all traffic
     */
    @Override
    public void moved(Transaction tx, Actor actor, Promotion promotion) {
        if (promotion.to() != Stage.PRODUCTION) {
            return;
        }
        endpoints
                .ofModel(tx, promotion.model())
                .ifPresent(
                        endpoint -> {
                            refuseWhileUnderWay(tx, endpoint);
                            fits(tx, endpoint, registry.version(tx, promotion.ref()));
                            endpoints.answering(tx, actor, endpoint, promotion.version());
                        });
    }

    private void fits(Transaction tx, Endpoint endpoint, ModelVersion version) {
        endpoint.answering()
                .map(ref -> registry.version(tx, ref))
                .ifPresent(primary -> SignatureFit.check(endpoint.name(), primary, version));
    }

    @Override
    public List<String> needs(Transaction tx, VersionRef version) {
        List<String> needs = new ArrayList<>();
        for (Endpoint endpoint : endpoints.all(tx)) {
            if (endpoint.answering().filter(version::equals).isPresent()) {
                needs.add("endpoint " + endpoint.name() + " answers with it");
            }
            new RolloutDao(tx, workspace)
                    .live(endpoint.name())
                    .filter(rollout -> rollout.candidate().equals(version))
                    .ifPresent(
                            rollout ->
                                    needs.add(
                                            "a rollout on endpoint "
                                                    + endpoint.name()
                                                    + " is under way with it"));
        }
        return needs;
    }

    private void refuseWhileUnderWay(Transaction tx, Endpoint endpoint) {
        new RolloutDao(tx, workspace)
                .live(endpoint.name())
                .ifPresent(
                        rollout -> {
                            throw underWay(rollout);
                        });
    }

    private static RuntimeException underWay(Rollout rollout) {
        String endpoint = rollout.endpoint();
        return Problem.refused(
                        "rollout.live",
                        "%s: a rollout of %s is under way: %s (expected: none)"
                                .formatted(endpoint, rollout.candidate(), rollout.state().words()))
                .hint(
                        "weir rollout abort %s returns all traffic to %s:%d; weir rollout finish %s lets the new version through."
                                .formatted(endpoint, rollout.model(), rollout.replaces(), endpoint))
                .exception();
    }

    private void started(
            Transaction tx,
            Actor actor,
            Endpoint endpoint,
            ModelVersion version,
            RequestedPromotion promotion) {
        Instant now = clock.instant();
        Rollout rollout =
                new Rollout(
                        ids.next(),
                        endpoint.name(),
                        version.model(),
                        version.version(),
                        endpoint.primary(),
                        endpoint.deployment().plan(),
                        RolloutState.SMOKE_TEST,
                        0,
                        null,
                        Duration.ZERO,
                        now,
                        List.of("a server that loads " + version.ref()),
                        JsonNodeFactory.instance.objectNode(),
                        promotion.actor(),
                        promotion.reason(),
                        promotion.id(),
                        null,
                        Instant.EPOCH,
                        0,
                        now,
                        now,
                        null);
        new RolloutDao(tx, workspace).insert(rollout);
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("rollout", rollout.id());
        payload.put("promotion", promotion.id());
        payload.put("version", rollout.candidate().toString());
        payload.put("replaces", rollout.replaces());
        payload.set("plan", rollout.plan().json());
        ledger.append(
                tx,
                workspace,
                actor,
                RolloutEvent.REQUESTED.kind(),
                Endpoints.subject(endpoint.name()),
                payload);
        endpoints.moved(tx, endpoint.name());
    }
}
