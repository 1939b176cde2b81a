package dev.weir.ml.registry;

import dev.weir.base.problem.Problem;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdicts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The one way to a stage, for people, pipelines and clients: a request, the verdicts that it rests
 * on, a record of what was carried out. Stage and alias move together, in one transaction.
 */
public final class Promotions {
    private final String workspace;
    private final Registry registry;
    private final Verdicts verdicts;
    private final PromotionPolicy policy;
    private final Moves moves;

    /** Promotions that ask for no more than is always asked. */
    public Promotions(
            String workspace,
            Registry registry,
            Verdicts verdicts,
            Ledger ledger,
            Clock clock,
            Ids ids) {
        this(workspace, registry, verdicts, PromotionPolicy.NOTHING_MORE, ledger, clock, ids);
    }

    public Promotions(
            String workspace,
            Registry registry,
            Verdicts verdicts,
            PromotionPolicy policy,
            Ledger ledger,
            Clock clock,
            Ids ids) {
        this.workspace = workspace;
        this.policy = policy;
        this.registry = registry;
        this.verdicts = verdicts;
        this.moves = new Moves(workspace, ledger, clock, ids);
    }

    /**
     * Moves a version to a stage. To production, it must be in staging; the version there is
     * archived. To staging, its last judgement must have passed. To archived, it leaves its stage.
     * A version that has no gates, since a client registered it, goes where it is put.
     *
     * @throws dev.weir.base.problem.ProblemException refused, where its gates said no or never
     *     spoke ({@code promotion.gates}, {@code promotion.never-judged}), where the policy asks
     *     for more ({@code promotion.recipe}), where production is not as expected ({@code
     *     promotion.moved}), where it is there already ({@code promotion.already}), or where the
     *     table of stages has no such way ({@code version.stage})
     */
    public Promotion promote(Transaction tx, Actor actor, PromotionRequest request) {
        ModelVersion version = registry.version(tx, request.version());
        Optional<ModelVersion> current = registry.production(tx, version.model());
        expect(version.model(), current, request.expected());
        if (version.stage() == request.target()) {
            throw Problem.refused(
                            "promotion.already",
                            "%s is in %s already (expected: another stage)"
                                    .formatted(version.ref(), request.target().word()))
                    .exception();
        }
        StageEvent event =
                version.gated() ? gatedEvent(tx, version, request) : freeEvent(request.target());
        if (request.target() == Stage.STAGING || request.target() == Stage.PRODUCTION) {
            requireByPolicy(tx, version);
        }
        if (StageTable.next(version.ref(), version.stage(), event) != request.target()) {
            throw Problem.refused(
                            "version.stage",
                            "%s is in %s and cannot go to %s"
                                    .formatted(
                                            version.ref(),
                                            version.stage().word(),
                                            request.target().word()))
                    .exception();
        }
        @Nullable Long replaced = null;
        @Nullable String below = null;
        if (request.target() == Stage.PRODUCTION && current.isPresent()) {
            replaced = current.get().version();
            below = holds(tx, version.model());
        }
        if (request.archive()) {
            registry.versions(tx, version.model()).stream()
                    .filter(other -> other.stage() == request.target())
                    .forEach(other -> moves.happened(tx, actor, other, StageEvent.SUPERSEDED));
        }
        return moves.carryOut(
                tx,
                actor,
                new Moves.Order(
                        version,
                        event,
                        Promotion.Kind.PROMOTION,
                        replaced,
                        below,
                        request.reason(),
                        request.approvals()));
    }

    private StageEvent gatedEvent(Transaction tx, ModelVersion version, PromotionRequest request) {
        StageEvent event =
                switch (request.target()) {
                    case PRODUCTION -> StageEvent.PROMOTED;
                    case STAGING -> StageEvent.VALIDATED;
                    case ARCHIVED -> StageEvent.RETIRED;
                    case DEVELOPMENT -> throw noWayBack(version);
                };
        if (event != StageEvent.RETIRED) {
            requirePassed(tx, version);
        }
        return event;
    }

    private static StageEvent freeEvent(Stage target) {
        return switch (target) {
            case PRODUCTION -> StageEvent.RELEASED;
            case STAGING -> StageEvent.STAGED;
            case ARCHIVED -> StageEvent.RETIRED;
            case DEVELOPMENT -> StageEvent.WITHDRAWN;
        };
    }

    /**
     * Takes the version in production back, and returns the one that was there before it, stage and
     * alias together. Repeated, it goes back further.
     *
     * @throws dev.weir.base.problem.ProblemException refused, where nothing is in production or was
     *     before ({@code rollback.none}), or production is not as expected ({@code
     *     promotion.moved})
     */
    public Promotion rollback(Transaction tx, Actor actor, RollbackRequest request) {
        String model = registry.model(tx, request.model()).name();
        Optional<ModelVersion> production = registry.production(tx, model);
        expect(model, production, request.expected());
        ModelVersion current =
                production.orElseThrow(
                        () ->
                                Problem.refused(
                                                "rollback.none",
                                                "no version of %s is in production (expected: one to take back)"
                                                        .formatted(model))
                                        .exception());
        PromotionDao promotions = new PromotionDao(tx, workspace);
        Promotion before =
                Optional.ofNullable(holds(tx, model))
                        .flatMap(promotions::ofId)
                        .map(Promotion::below)
                        .flatMap(promotions::ofId)
                        .orElseThrow(() -> nothingBefore(current));
        moves.happened(tx, actor, current, StageEvent.ROLLED_BACK);
        return moves.carryOut(
                tx,
                actor,
                new Moves.Order(
                        registry.version(tx, before.ref()),
                        StageEvent.RESTORED,
                        Promotion.Kind.ROLLBACK,
                        current.version(),
                        before.below(),
                        request.reason(),
                        List.of()));
    }

    /** What was carried out on a model, the newest first: what was in production when. */
    public List<Promotion> history(Transaction tx, String model) {
        return new PromotionDao(tx, workspace).ofModel(registry.model(tx, model).name());
    }

    /** Every change of a version's stage, the newest first, whoever or whatever made it. */
    public List<Move> moves(Transaction tx, ModelVersion version) {
        return moves.told(tx, version);
    }

    /** The promotion that put the version in production there. */
    private @Nullable String holds(Transaction tx, String model) {
        return new ModelDao(tx, workspace)
                .alias(model, Stage.PRODUCTION.word())
                .map(ModelDao.AliasRow::promotionId)
                .orElse(null);
    }

    private void requireByPolicy(Transaction tx, ModelVersion version) {
        if (policy.asksFor(PromotionPolicy.Demand.GATES)) {
            requirePassed(tx, version);
        }
        if (policy.asksFor(PromotionPolicy.Demand.RECIPE) && !version.recipe().complete()) {
            throw Problem.refused(
                            "promotion.recipe",
                            "%s: its recipe has no %s (expected: a complete recipe, as the project asks)"
                                    .formatted(
                                            version.ref(),
                                            version.recipe().missing().stream()
                                                    .map(Link::word)
                                                    .collect(Collectors.joining(", "))))
                    .hint("weir run registers versions with all six links.")
                    .exception();
        }
    }

    private void requirePassed(Transaction tx, ModelVersion version) {
        GateReport report =
                Optional.ofNullable(version.judgementId())
                        .flatMap(id -> verdicts.judgement(tx, id))
                        .orElseThrow(
                                () ->
                                        Problem.refused(
                                                        "promotion.never-judged",
                                                        version.ref()
                                                                + " was never judged (expected:"
                                                                + " gates that passed)")
                                                .hint("weir run judges it.")
                                                .exception())
                        .report();
        if (!report.passed()) {
            throw Problem.refused(
                            "promotion.gates",
                            version.ref()
                                    + ": its gates said no: "
                                    + report.stopping().stream()
                                            .map(Ruling::line)
                                            .collect(Collectors.joining("; ")))
                    .hint("Mend what they name and run again; a new version can be promoted.")
                    .exception();
        }
    }

    private static void expect(String model, Optional<ModelVersion> current, Production expected) {
        String found = current.map(v -> v.ref().toString()).orElse("none");
        boolean as =
                switch (expected) {
                    case Production.Whatever ignored -> true;
                    case Production.None ignored -> current.isEmpty();
                    case Production.Version(long version) ->
                            current.filter(v -> v.version() == version).isPresent();
                };
        if (!as) {
            String wanted =
                    expected instanceof Production.Version v ? model + ":" + v.version() : "none";
            throw Problem.refused(
                            "promotion.moved",
                            "production of %s: %s (expected: %s)".formatted(model, found, wanted))
                    .hint("Somebody has moved it since: look again, then ask again.")
                    .exception();
        }
    }

    private static RuntimeException noWayBack(ModelVersion version) {
        return Problem.refused(
                        "promotion.target",
                        "%s: to development (expected: staging, production or archived)"
                                .formatted(version.ref()))
                .hint("A version goes back to development only where its gates say no.")
                .exception();
    }

    private static RuntimeException nothingBefore(ModelVersion current) {
        return Problem.refused(
                        "rollback.none",
                        "%s is in production, and nothing was before it (expected: a version to go back to)"
                                .formatted(current.ref()))
                .exception();
    }
}
