package dev.weir.stage.deploy.rollout;

import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Promotion;
import dev.weir.ml.registry.PromotionRequest;
import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.Registry;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.VersionRef;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rollouts of one workspace. Keeps no state of its own; every method is part of its transaction. */
public final class Rollouts {
    private final String workspace;
    private final Endpoints endpoints;
    private final Registry registry;
    private final Promotions promotions;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;

    public Rollouts(
            String workspace,
            Endpoints endpoints,
            Registry registry,
            Promotions promotions,
            Ledger ledger,
            Clock clock,
            Ids ids) {
        this.workspace = workspace;
        this.endpoints = endpoints;
        this.registry = registry;
        this.promotions = promotions;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Has a version take over the endpoint of its model. The first one does so at once: there is
     * nothing to copy requests from and nothing to compare with. Any other begins a rollout, which
     * servers carry out.
     *
     * @throws dev.weir.base.problem.ProblemException refused, where the model has no endpoint
     *     ({@code rollout.endpoint}), one is under way ({@code rollout.live}), the version is archived
     *     or not in staging ({@code rollout.stage}), it answers already ({@code promotion.already}),
     *     or its promotion is refused
     */
    public Begun begin(Transaction tx, Actor actor, VersionRef ref, String reason) {
        ModelVersion version = registry.version(tx, ref);
        Endpoint endpoint =
                endpoints
                        .ofModel(tx, version.model())
                        .orElseThrow(
                                () ->
                                        Problem.refused(
                                                        "rollout.endpoint",
                                                        version.model()
                                                                + " has no endpoint (expected: deploy.endpoint in its pipeline file)")
                                                .exception());
        live(tx, endpoint.name())
                .ifPresent(
                        other -> {
                            throw underWay(other);
                        });
        if (endpoint.primary() == null) {
            Promotion promotion =
                    promotions.promote(
                            tx,
                            actor,
                            PromotionRequest.to(version.ref(), Stage.PRODUCTION).because(reason));
            return new Begun.AtOnce(
                    endpoints.answering(tx, endpoint, version.version()), promotion);
        }
        return new Begun.UnderWay(started(tx, actor, endpoint, version, reason));
    }

    private Rollout started(
            Transaction tx, Actor actor, Endpoint endpoint, ModelVersion version, String reason) {
        if (version.stage() == Stage.PRODUCTION) {
            throw Problem.refused(
                            "promotion.already",
                            version.ref() + " is in production already (expected: another version)")
                    .exception();
        }
        if (version.gated() && version.stage() != Stage.STAGING) {
            throw Problem.refused(
                            "rollout.stage",
                            "%s is in %s and cannot take over %s (expected: a version in staging)"
                                    .formatted(
                                            version.ref(), version.stage().word(), endpoint.name()))
                    .hint("weir run brings a version to staging when its gates let it pass.")
                    .exception();
        }
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
                        actor,
                        reason,
                        null,
                        null,
                        Instant.EPOCH,
                        0,
                        now,
                        now,
                        null);
        new RolloutDao(tx, workspace).insert(rollout);
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("rollout", rollout.id());
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
        return rollout;
    }

    private static RuntimeException underWay(Rollout rollout) {
        return Problem.refused(
                        "rollout.live",
                        "%s: a rollout of %s is under way, in %s (expected: none)"
                                .formatted(
                                        rollout.endpoint(),
                                        rollout.candidate(),
                                        rollout.state().words()))
                .hint(
                        "weir rollout finish %s lets it through at once, weir rollout abort %s ends it."
                                .formatted(rollout.endpoint(), rollout.endpoint()))
                .exception();
    }

    /** The one that is under way on an endpoint. */
    public Optional<Rollout> live(Transaction tx, String endpoint) {
        return new RolloutDao(tx, workspace).live(endpoint);
    }

    /** Those of an endpoint, the newest first. */
    public List<Rollout> history(Transaction tx, String endpoint) {
        return new RolloutDao(tx, workspace).ofEndpoint(endpoint);
    }

    /** Adds what a server saw in a window of a rollout, named by a {@link Route.Live}. */
    public void saw(Transaction tx, String rollout, int step, String server, Evidence evidence) {
        new WindowDao(tx).add(rollout, step, server, evidence, clock.instant());
    }
}
