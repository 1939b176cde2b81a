package dev.weir.stage.deploy.rollout;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.registry.PromotionState;
import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.plan.Step;
import dev.weir.stage.deploy.rollout.watch.Finding;
import dev.weir.stage.deploy.rollout.watch.Watch;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rollouts of one workspace, as people and servers move them. Keeps no state of its own; every
 * method is part of its transaction. Every move is an event on the ledger, with its evidence.
 */
public final class Rollouts {
    private final String workspace;
    private final Endpoints endpoints;
    private final Promotions promotions;
    private final Ledger ledger;
    private final Clock clock;

    public Rollouts(
            String workspace,
            Endpoints endpoints,
            Promotions promotions,
            Ledger ledger,
            Clock clock) {
        this.workspace = workspace;
        this.endpoints = endpoints;
        this.promotions = promotions;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** The one that is under way on an endpoint. */
    public Optional<Rollout> live(Transaction tx, String endpoint) {
        return new RolloutDao(tx, workspace).live(endpoint);
    }

    /** All that are under way, the oldest first. */
    public List<Rollout> live(Transaction tx) {
        return new RolloutDao(tx, workspace).live();
    }

    /** Those of an endpoint, the newest first. */
    public List<Rollout> history(Transaction tx, String endpoint) {
        return new RolloutDao(tx, workspace).ofEndpoint(endpoint);
    }

    /** Adds what a server saw in a window of a rollout, named by a {@link Route.Live}. */
    public void saw(Transaction tx, String rollout, int step, String server, Evidence evidence) {
        new WindowDao(tx).add(rollout, step, server, evidence, clock.instant());
    }

    /** What all servers saw in the step that a rollout is in. */
    public Evidence evidence(Transaction tx, Rollout rollout) {
        return new WindowDao(tx).of(rollout.id(), rollout.step());
    }

    /** Whether servers saw anything since the last look. */
    boolean fresh(Transaction tx, Rollout rollout) {
        return rollout.current().isPresent()
                && !evidence(tx, rollout)
                        .equals(
                                Watch.fromJson(rollout.plan(), rollout.step(), rollout.watch())
                                        .seen());
    }

    /** What each check says of the step that a rollout is in; empty where it is in none. */
    public List<Finding> findings(Rollout rollout) {
        return rollout.current().isEmpty()
                ? List.of()
                : Watch.fromJson(rollout.plan(), rollout.step(), rollout.watch())
                        .findings(rollout.plan(), rollout.step());
    }

    /**
     * Stops a rollout where it is: who answers what stays as it is, and a check that fails still
     * takes all traffic back.
     *
     * @param reason for the record; may be empty
     * @throws dev.weir.base.problem.ProblemException where there is no such endpoint; refused,
     *     where no rollout is under way ({@code rollout.none}) or it cannot be paused ({@code
     *     rollout.state})
     */
    public Rollout pause(Transaction tx, Actor actor, String endpoint, String reason) {
        Rollout rollout = underWay(tx, endpoint);
        Rollout paused = rollout.turned(RolloutState.PAUSED, rollout.state(), clock.instant());
        return asked(tx, actor, rollout, paused, RolloutEvent.PAUSED, reason);
    }

    /** Has a paused rollout go on; otherwise as {@link #pause}. */
    public Rollout resume(Transaction tx, Actor actor, String endpoint, String reason) {
        Rollout rollout = underWay(tx, endpoint);
        RolloutState back = rollout.resumes() == null ? rollout.state() : rollout.resumes();
        Rollout resumed = rollout.turned(back, null, clock.instant());
        return asked(tx, actor, rollout, resumed, RolloutEvent.RESUMED, reason);
    }

    /** Ends a rollout: all traffic is the old version's at once; otherwise as {@link #pause}. */
    public Rollout abort(Transaction tx, Actor actor, String endpoint, String reason) {
        Rollout rollout = underWay(tx, endpoint);
        String why = reason.isEmpty() ? "aborted by " + actor : reason;
        Rollout ended = rollout.over(RolloutState.ABORTED, List.of(why), clock.instant());
        Rollout written = asked(tx, actor, rollout, ended, RolloutEvent.ABORTED, reason);
        failed(tx, actor, rollout, why);
        return written;
    }

    /**
     * Lets the new version through at once, whatever was seen: a person answers for it. Primary,
     * alias and stage move in this transaction; otherwise as {@link #pause}.
     *
     * @return completed; or failed, where the promotion can no longer be what was asked for
     */
    public Rollout finish(Transaction tx, Actor actor, String endpoint, String reason) {
        Rollout rollout = underWay(tx, endpoint);
        Rollout finishing =
                rollout.moved(
                        RolloutState.FINISHING, rollout.step(), rollout.watch(), clock.instant());
        return completed(
                tx, actor, asked(tx, actor, rollout, finishing, RolloutEvent.FINISH_ASKED, reason));
    }

    private Rollout underWay(Transaction tx, String endpoint) {
        endpoints.named(tx, endpoint);
        return live(tx, endpoint)
                .orElseThrow(
                        () ->
                                Problem.refused(
                                                "rollout.none",
                                                endpoint
                                                        + ": no rollout is under way (expected:"
                                                        + " one)")
                                        .hint("weir promote MODEL:VERSION production begins one.")
                                        .exception());
    }

    /** What a person asked for; the reason's digest stands in the ledger. */
    private Rollout asked(
            Transaction tx,
            Actor actor,
            Rollout before,
            Rollout after,
            RolloutEvent event,
            String reason) {
        return written(
                tx,
                actor,
                before,
                new Decision(after, Optional.of(event), findings(before)),
                reason);
    }

    /** What the smoke test of the new version came to. */
    Rollout smoked(Transaction tx, Actor actor, Rollout rollout, SmokeTest.Result result) {
        Instant now = clock.instant();
        if (!result.passed()) {
            Rollout failed =
                    rollout.over(
                            RolloutState.FAILED, List.of("smoke test: " + result.words()), now);
            Rollout written =
                    written(
                            tx,
                            actor,
                            rollout,
                            new Decision(failed, Optional.of(RolloutEvent.SMOKE_FAILED), List.of()),
                            result.words());
            failed(tx, actor, rollout, "smoke test: " + result.words());
            return written;
        }
        Rollout entered = Decider.entered(rollout, 0, Watch.beginning(rollout.plan()), now);
        return settled(
                tx,
                actor,
                written(
                        tx,
                        actor,
                        rollout,
                        new Decision(entered, Optional.of(RolloutEvent.SMOKE_PASSED), List.of()),
                        result.words()));
    }

    /** One look at a rollout that is in a step. */
    Rollout looked(Transaction tx, Actor actor, Rollout rollout) {
        PromotionState promotion = promotions.find(tx, rollout.promotion()).state();
        if (promotion != PromotionState.UNDER_WAY) {
            return refused(tx, actor, rollout, "its promotion is " + promotion.words());
        }
        if (rollout.state() == RolloutState.FINISHING) {
            return completed(tx, actor, rollout);
        }
        Decision decision = Decider.decide(rollout, evidence(tx, rollout), clock.instant());
        Rollout after = decision.after();
        if (decision.event().isEmpty()) {
            update(tx, after);
            return after;
        }
        Rollout written = written(tx, actor, rollout, decision, "");
        if (after.state() == RolloutState.ROLLED_BACK) {
            failed(tx, actor, rollout, String.join("; ", after.waits()));
        }
        return settled(tx, actor, written);
    }

    private Rollout settled(Transaction tx, Actor actor, Rollout rollout) {
        return rollout.state() == RolloutState.FINISHING ? completed(tx, actor, rollout) : rollout;
    }

    /** Primary, alias and stage, in one transaction. */
    private Rollout completed(Transaction tx, Actor actor, Rollout rollout) {
        RequestedPromotion done = promotions.find(tx, rollout.promotion());
        if (done.state() == PromotionState.UNDER_WAY) {
            try {
                done = promotions.finish(tx, actor, rollout.promotion());
            } catch (ProblemException e) { // before anything has moved
                failed(tx, actor, rollout, e.problems().getFirst().message());
                return refused(tx, actor, rollout, e.problems().getFirst().message());
            }
        }
        if (done.state() != PromotionState.CARRIED_OUT) {
            String note = done.note().isEmpty() ? "" : ": " + done.note();
            return refused(tx, actor, rollout, "its promotion is " + done.state().words() + note);
        }
        endpoints.answering(tx, actor, endpoints.named(tx, rollout.endpoint()), rollout.version());
        Rollout completed = rollout.over(RolloutState.COMPLETED, List.of(), clock.instant());
        return written(
                tx,
                actor,
                rollout,
                new Decision(completed, Optional.of(RolloutEvent.PROMOTED), List.of()),
                "");
    }

    private Rollout refused(Transaction tx, Actor actor, Rollout rollout, String why) {
        Rollout failed = rollout.over(RolloutState.FAILED, List.of(why), clock.instant());
        return written(
                tx,
                actor,
                rollout,
                new Decision(failed, Optional.of(RolloutEvent.PROMOTION_REFUSED), List.of()),
                why);
    }

    private void failed(Transaction tx, Actor actor, Rollout rollout, String why) {
        if (promotions.find(tx, rollout.promotion()).state() == PromotionState.UNDER_WAY) {
            promotions.fail(tx, actor, rollout.promotion(), why);
        }
    }

    /** Has a server drive a rollout, and tells so where another one did before. */
    Rollout driven(Transaction tx, Actor actor, Rollout rollout, String server, Instant until) {
        Rollout driven = rollout.driven(server, until);
        if (rollout.driver() == null || rollout.driver().equals(server)) {
            return update(tx, driven);
        }
        return written(
                tx,
                actor,
                rollout,
                new Decision(driven, Optional.of(RolloutEvent.RESTARTED), List.of()),
                "");
    }

    private Rollout update(Transaction tx, Rollout rollout) {
        RolloutDao rows = new RolloutDao(tx, workspace);
        if (!rows.update(rollout)) {
            throw Problem.refused(
                            "rollout.moved",
                            "the rollout of %s on %s was moved meanwhile (expected: as it was read)"
                                    .formatted(rollout.candidate(), rollout.endpoint()))
                    .hint("Look again: weir rollout status " + rollout.endpoint())
                    .exception();
        }
        return rows.ofId(rollout.id()).orElseThrow();
    }

    /** Writes a rollout, tells the ledger, and has servers ask for their routes. */
    private Rollout written(
            Transaction tx, Actor actor, Rollout before, Decision decision, String why) {
        RolloutEvent event = decision.event().orElseThrow();
        RolloutTable.next(before, event, decision.after().state());
        ObjectNode payload = payload(tx, before, decision);
        if (!why.isEmpty()) {
            payload.put("reason", Digest.ofText(why).hex());
        }
        Rollout written = update(tx, decision.after());
        ledger.append(
                tx, workspace, actor, event.kind(), Endpoints.subject(before.endpoint()), payload);
        endpoints.moved(tx, before.endpoint());
        return written;
    }

    private ObjectNode payload(Transaction tx, Rollout before, Decision decision) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("rollout", before.id());
        payload.put("version", before.candidate().toString());
        payload.put("from", before.state().word());
        payload.put("to", decision.after().state().word());
        before.current()
                .ifPresent(
                        step -> {
                            payload.put("step", step.words());
                            payload.put("watched_ms", before.watched().toMillis());
                            payload.set("evidence", evidence(tx, before).json());
                            ArrayNode findings = payload.putArray("findings");
                            decision.findings().forEach(f -> findings.add(f.json()));
                        });
        decision.after().current().map(Step::words).ifPresent(step -> payload.put("next", step));
        return payload;
    }
}
