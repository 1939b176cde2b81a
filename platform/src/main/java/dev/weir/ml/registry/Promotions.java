package dev.weir.ml.registry;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.gate.Verdicts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one way to a stage, for people, pipelines and clients: a request, the verdicts and approvals
 * that it rests on, a record of what was carried out. Stage and alias move together, in one
 * transaction. The lifecycle is {@link PromotionTable}.
 */
public final class Promotions {
    private static final int MOST_LISTED = 1_000;

    private final String workspace;
    private final Registry registry;
    private final Policies policies;
    private final PromotionCarrier carrier;
    private final Clock clock;
    private final Ids ids;
    private final Admission admission;
    private final Requests requests;
    private final Moves moves;

    /** Promotions that ask for no more than is always asked. */
    public Promotions(
            String workspace,
            Registry registry,
            Verdicts verdicts,
            Ledger ledger,
            Clock clock,
            Ids ids) {
        this(
                workspace,
                registry,
                verdicts,
                Policies.NOTHING_MORE,
                PromotionCarrier.NONE,
                ledger,
                clock,
                ids);
    }

    /**
     * @param policies what is asked of each model's versions
     * @param carrier what carries out promotions to production of models with an endpoint
     */
    public Promotions(
            String workspace,
            Registry registry,
            Verdicts verdicts,
            Policies policies,
            PromotionCarrier carrier,
            Ledger ledger,
            Clock clock,
            Ids ids) {
        this.workspace = workspace;
        this.registry = registry;
        this.policies = policies;
        this.carrier = carrier;
        this.clock = clock;
        this.ids = ids;
        this.admission = new Admission(verdicts);
        this.requests = new Requests(workspace, ledger, verdicts, clock);
        this.moves = new Moves(workspace, ledger, verdicts, clock, ids);
    }

    /**
     * Asks for a version to be moved to a stage. Where nothing is missing it is carried out at
     * once, or a rollout begins to; where an approval is missing it waits. Who asks again for what
     * waits or is under way gets the same promotion.
     *
     * <p>To production, a version must be in staging; the version there is archived. To staging,
     * its last judgement must have passed. To archived, it leaves its stage. A version that has no
     * gates, since a client registered it, goes where it is put.
     *
     * @throws dev.weir.base.problem.ProblemException refused, where its gates said no or never
     *     spoke ({@code promotion.gates}, {@code promotion.never-judged}), where the policy asks
     *     for more ({@code promotion.recipe}, {@code promotion.monitor}, {@code promotion.who}),
     *     where production is not as expected ({@code promotion.moved}), where it is there already
     *     ({@code promotion.already}), where another version is on its way ({@code
     *     promotion.under-way}), or where the table of stages has no such way ({@code
     *     version.stage})
     */
    public RequestedPromotion promote(Transaction tx, Actor actor, PromotionRequest request) {
        ModelVersion version = registry.version(tx, request.version());
        requests.refresh(tx, actor, version.model());
        Optional<ModelVersion> current = registry.production(tx, version.model());
        Admission.expect(version.model(), current, request.expected());
        admission.event(tx, version, request.target());
        PromotionPolicy policy = policy(version.model(), request.target());
        admission.byPolicy(tx, actor, version, policy);
        List<RequestedPromotion> open = new RequestDao(tx, workspace).open(version.model());
        Optional<RequestedPromotion> same =
                open.stream()
                        .filter(p -> p.version() == version.version())
                        .filter(p -> p.target() == request.target())
                        .findFirst();
        if (same.isPresent()) {
            return same.get();
        }
        int needed = needed(tx, version.model(), request.target(), policy);
        Instant now = clock.instant();
        RequestedPromotion asked =
                new RequestedPromotion(
                        ids.next(),
                        version.model(),
                        version.version(),
                        version.stage(),
                        request.target(),
                        needed == 0 ? PromotionState.APPROVED : PromotionState.WAITING,
                        actor,
                        request.reason(),
                        request.archive(),
                        request.target() == Stage.PRODUCTION
                                ? current.<Production>map(v -> new Production.Version(v.version()))
                                        .orElseGet(Production.None::new)
                                : new Production.Whatever(),
                        needed,
                        needed == 0 ? "" : policy.approval().because(),
                        requests.approves(tx, version),
                        List.of(),
                        "",
                        now,
                        now,
                        null);
        if (needed > 0) {
            return requests.asked(tx, asked);
        }
        noOtherUnderWay(open, asked);
        return begin(tx, actor, requests.asked(tx, asked));
    }

    private PromotionPolicy policy(String model, Stage target) {
        return target == Stage.STAGING || target == Stage.PRODUCTION
                ? policies.of(model, target)
                : PromotionPolicy.NOTHING_MORE;
    }

    private int needed(Transaction tx, String model, Stage target, PromotionPolicy policy) {
        return switch (policy.approval().when()) {
            case NEVER -> 0;
            case ALWAYS -> policy.approval().count();
            case FIRST ->
                    new PromotionDao(tx, workspace)
                                    .ofModel(model).stream().anyMatch(p -> p.to() == target)
                            ? 0
                            : policy.approval().count();
        };
    }

    private static void noOtherUnderWay(List<RequestedPromotion> open, RequestedPromotion asked) {
        open.stream()
                .filter(p -> p.state() == PromotionState.UNDER_WAY)
                .filter(p -> p.target() == asked.target() && !p.id().equals(asked.id()))
                .findFirst()
                .ifPresent(
                        other -> {
                            throw Problem.refused(
                                            "promotion.under-way",
                                            "%s is on its way to %s (expected: one at a time)"
                                                    .formatted(other.ref(), other.target().word()))
                                    .hint("weir promotions show " + other.id())
                                    .exception();
                        });
    }

    /** Carries out what has all that it needs, or hands it to its rollout. */
    private RequestedPromotion begin(Transaction tx, Actor actor, RequestedPromotion approved) {
        if (approved.target() == Stage.PRODUCTION && carrier.begin(tx, actor, approved)) {
            return requests.happened(tx, actor, approved, PromotionEvent.STARTED, "");
        }
        RequestedPromotion done = carryOut(tx, actor, approved);
        if (approved.target() == Stage.PRODUCTION && done.done() != null) {
            carrier.moved(tx, actor, done.done());
        }
        return done;
    }

    private RequestedPromotion carryOut(Transaction tx, Actor actor, RequestedPromotion asked) {
        ModelVersion version = registry.version(tx, asked.ref());
        Optional<ModelVersion> current = registry.production(tx, version.model());
        StageEvent event = admission.event(tx, version, asked.target());
        requests.happened(tx, actor, asked, PromotionEvent.FINISHED, "");
        @Nullable Long replaced = null;
        @Nullable String below = null;
        if (asked.target() == Stage.PRODUCTION && current.isPresent()) {
            replaced = current.get().version();
            below = holds(tx, version.model());
        }
        if (asked.archive()) {
            registry.versions(tx, version.model()).stream()
                    .filter(other -> other.stage() == asked.target())
                    .forEach(other -> moves.happened(tx, actor, other, StageEvent.SUPERSEDED));
        }
        moves.carryOut(
                tx,
                asked.actor(),
                new Moves.Order(
                        asked.id(),
                        version,
                        event,
                        Promotion.Kind.PROMOTION,
                        replaced,
                        below,
                        asked.reason(),
                        asked.approvals().stream().map(a -> a.actor().toString()).toList()));
        return find(tx, asked.id());
    }

    /**
     * Says yes to a promotion that waits. With the last yes that it needs, by the policy of this
     * moment, it is carried out or its rollout begins. Where it can no longer be what was asked
     * for, it is given back {@code void} or {@code failed}, with a note that says why: that is no
     * exception, so that it is kept.
     *
     * @param id of the promotion
     * @param note for the record; may be empty
     * @throws dev.weir.base.problem.ProblemException where there is none; where it does not wait
     *     ({@code promotion.state}); where this actor asked for it ({@code promotion.own}), is
     *     nobody who may approve ({@code promotion.approver}) or has done so already
     */
    public RequestedPromotion approve(Transaction tx, Actor actor, String id, String note) {
        RequestedPromotion waiting = find(tx, id);
        PromotionTable.next(waiting, PromotionEvent.APPROVED);
        Optional<String> stale = requests.stale(tx, waiting);
        if (stale.isPresent()) {
            return requests.happened(tx, actor, waiting, PromotionEvent.CHANGED, stale.get());
        }
        PromotionPolicy policy = policy(waiting.model(), waiting.target());
        Admission.mayDecide(actor, waiting, policy.approval());
        Admission.isAnotherThanTheMaker(actor, waiting, requests.maker(tx, waiting));
        RequestedPromotion approved = requests.approved(tx, actor, waiting, note);
        int needed = Math.max(1, needed(tx, waiting.model(), waiting.target(), policy));
        if (approved.approvals().size() < needed) {
            return approved;
        }
        RequestedPromotion ready =
                requests.happened(tx, actor, approved, PromotionEvent.APPROVED, "");
        try {
            ModelVersion version = registry.version(tx, ready.ref());
            admission.event(tx, version, ready.target());
            admission.byPolicy(tx, ready.actor(), version, policy);
            noOtherUnderWay(new RequestDao(tx, workspace).open(ready.model()), ready);
        } catch (ProblemException e) {
            return requests.happened(
                    tx, actor, ready, PromotionEvent.FAILED, e.problems().getFirst().message());
        }
        return begin(tx, actor, ready);
    }

    /**
     * Says no to a promotion that waits: whoever may approve it, or who asked for it and takes it
     * back.
     *
     * @param reason for the record
     * @throws dev.weir.base.problem.ProblemException where there is none, it does not wait, or this
     *     actor has no say in it
     */
    public RequestedPromotion reject(Transaction tx, Actor actor, String id, String reason) {
        RequestedPromotion waiting = find(tx, id);
        PromotionTable.next(waiting, PromotionEvent.REJECTED);
        if (!actor.equals(waiting.actor())) {
            PromotionPolicy policy = policy(waiting.model(), waiting.target());
            Admission.mayDecide(actor, waiting, policy.approval());
        }
        return requests.happened(tx, actor, waiting, PromotionEvent.REJECTED, reason);
    }

    /**
     * Ends a promotion that is under way: stage, alias and record, in the transaction that ends its
     * rollout. Where the version, its verdicts or production changed meanwhile, it is given back
     * {@code void} and nothing moved: the rollout must then be undone.
     *
     * @throws dev.weir.base.problem.ProblemException where there is none, or it is not under way
     */
    public RequestedPromotion finish(Transaction tx, Actor actor, String id) {
        RequestedPromotion running = underWay(tx, id, PromotionEvent.FINISHED);
        Optional<String> stale = requests.stale(tx, running);
        return stale.isPresent()
                ? requests.happened(tx, actor, running, PromotionEvent.CHANGED, stale.get())
                : carryOut(tx, actor, running);
    }

    /**
     * Ends a promotion that is under way and whose rollout was aborted; the version stays where it
     * is.
     *
     * @param why in words
     */
    public RequestedPromotion fail(Transaction tx, Actor actor, String id, String why) {
        RequestedPromotion running = underWay(tx, id, PromotionEvent.FAILED);
        return requests.happened(tx, actor, running, PromotionEvent.FAILED, why);
    }

    private RequestedPromotion underWay(Transaction tx, String id, PromotionEvent event) {
        RequestedPromotion running = find(tx, id);
        PromotionTable.next(running, event);
        return running;
    }

    /**
     * The promotion that this means.
     *
     * @param idOrVersion an id, the beginning of one that no other has, or a version of which one
     *     promotion is open: {@code income:3}
     * @throws dev.weir.base.problem.ProblemException {@code promotion.unknown}, where there is none
     *     or more than one
     */
    public RequestedPromotion find(Transaction tx, String idOrVersion) {
        RequestDao dao = new RequestDao(tx, workspace);
        Optional<RequestedPromotion> whole = dao.ofId(idOrVersion);
        if (whole.isPresent()) {
            return whole.get();
        }
        List<RequestedPromotion> found = List.of();
        if (idOrVersion.matches("[0-9a-f]{4,32}")) {
            found = dao.beginning(idOrVersion);
        } else if (idOrVersion.contains(":") || idOrVersion.contains("@")) {
            ModelVersion version = registry.version(tx, VersionRef.parse(idOrVersion));
            found =
                    dao.open(version.model()).stream()
                            .filter(p -> p.version() == version.version())
                            .toList();
        }
        if (found.size() != 1) {
            throw Problem.input(
                            "promotion.unknown",
                            "promotion: %s (expected: the id of %s promotion)"
                                    .formatted(idOrVersion, found.isEmpty() ? "a" : "one"))
                    .hint("weir promotions list --all shows all.")
                    .exception();
        }
        return found.getFirst();
    }

    /** The promotions that wait or are under way, the newest first. */
    public List<RequestedPromotion> open(Transaction tx) {
        return new RequestDao(tx, workspace).open();
    }

    /** The last 1,000 that were asked for, the newest first. */
    public List<RequestedPromotion> all(Transaction tx) {
        return new RequestDao(tx, workspace).all(MOST_LISTED);
    }

    /** Whom a promotion waits for, in words; empty where it does not wait. */
    public Optional<String> waitsFor(RequestedPromotion promotion) {
        if (promotion.state() != PromotionState.WAITING) {
            return Optional.empty();
        }
        PromotionPolicy policy = policy(promotion.model(), promotion.target());
        return Optional.of(policy.approval().whom() + " other than " + promotion.actor());
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
        Admission.expect(model, production, request.expected());
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
        Promotion back =
                moves.carryOut(
                        tx,
                        actor,
                        new Moves.Order(
                                ids.next(),
                                registry.version(tx, before.ref()),
                                StageEvent.RESTORED,
                                Promotion.Kind.ROLLBACK,
                                current.version(),
                                before.below(),
                                request.reason(),
                                List.of()));
        carrier.moved(tx, actor, back);
        return back;
    }

    /** What was carried out on a model, the newest first: what was in production when. */
    public List<Promotion> history(Transaction tx, String model) {
        return new PromotionDao(tx, workspace).ofModel(registry.model(tx, model).name());
    }

    /** When which version was in production, the newest first. */
    public List<Tenure> tenures(Transaction tx, String model) {
        return Tenure.of(history(tx, model).reversed());
    }

    /**
     * What needs a version, in words: its stage, its place in the history of production, a
     * promotion that waits, an endpoint. Empty where nothing does.
     */
    public List<String> neededBy(Transaction tx, ModelVersion version) {
        List<String> needs = new ArrayList<>();
        if (version.stage() == Stage.PRODUCTION || version.stage() == Stage.STAGING) {
            needs.add("it is in " + version.stage().word());
        } else if (tenures(tx, version.model()).stream()
                .anyMatch(t -> t.entered().version() == version.version())) {
            needs.add("it was in production: weir rollback and the history need it");
        }
        new RequestDao(tx, workspace)
                .open(version.model()).stream()
                        .filter(p -> p.version() == version.version())
                        .forEach(
                                p -> needs.add("promotion " + p.id() + " is " + p.state().words()));
        needs.addAll(carrier.needs(tx, version.ref()));
        return needs;
    }

    /**
     * Refuses where an endpoint needs a version, or any version of a model: a client may delete the
     * rest as it likes.
     *
     * @throws dev.weir.base.problem.ProblemException {@code version.needed}
     */
    public void requireUnserved(Transaction tx, List<ModelVersion> versions) {
        for (ModelVersion version : versions) {
            List<String> needs = carrier.needs(tx, version.ref());
            if (!needs.isEmpty()) {
                throw Problem.refused(
                                "version.needed",
                                "%s cannot be deleted: %s (expected: a version that nothing needs)"
                                        .formatted(version.ref(), String.join("; ", needs)))
                        .exception();
            }
        }
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

    private static RuntimeException nothingBefore(ModelVersion current) {
        return Problem.refused(
                        "rollback.none",
                        "%s is in production, and nothing was before it (expected: a version to go back to)"
                                .formatted(current.ref()))
                .exception();
    }
}
