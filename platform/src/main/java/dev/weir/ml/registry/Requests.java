package dev.weir.ml.registry;

import dev.weir.base.digest.Digest;
import dev.weir.ml.gate.Judgement;
import dev.weir.ml.gate.Verdicts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Event;
import dev.weir.store.ledger.EventFilter;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The promotions that were asked for, kept with the ledger. One whose version, verdicts, stage or
 * production is another than when it was asked for becomes void, in the transaction that changed
 * it.
 */
final class Requests {
    private final String workspace;
    private final Ledger ledger;
    private final Verdicts verdicts;
    private final Clock clock;

    Requests(String workspace, Ledger ledger, Verdicts verdicts, Clock clock) {
        this.workspace = workspace;
        this.ledger = ledger;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    /** What there is to approve of a version now. */
    Approved approves(Transaction tx, ModelVersion version) {
        Optional<Judgement> judgement =
                Optional.ofNullable(version.judgementId())
                        .flatMap(id -> verdicts.judgement(tx, id));
        return Approved.of(version, judgement);
    }

    /** Who registered the version of a promotion, as the ledger has it. */
    Optional<Actor> maker(Transaction tx, RequestedPromotion promotion) {
        EventFilter registered =
                EventFilter.all(workspace)
                        .about("version:" + promotion.ref())
                        .ofKind("version.registered");
        return ledger.events(tx, registered, 1).stream().map(Event::actor).findFirst();
    }

    /** Keeps a promotion that waits, or that has what it needs. */
    RequestedPromotion asked(Transaction tx, RequestedPromotion promotion) {
        new RequestDao(tx, workspace).insert(promotion);
        if (promotion.state() == PromotionState.WAITING) {
            tell(tx, promotion.actor(), "promotion.requested", promotion);
        }
        return promotion;
    }

    /** Notes an approval; the promotion still waits. */
    RequestedPromotion approved(
            Transaction tx, Actor actor, RequestedPromotion promotion, String note) {
        Approval approval =
                new Approval(actor, note, promotion.approves().digest(), clock.instant());
        RequestDao dao = new RequestDao(tx, workspace);
        dao.approve(promotion.id(), approval);
        RequestedPromotion now = dao.ofId(promotion.id()).orElseThrow();
        tell(tx, actor, "promotion.approved", now);
        return now;
    }

    /** Moves a promotion on by an event of its lifecycle. */
    RequestedPromotion happened(
            Transaction tx,
            Actor actor,
            RequestedPromotion promotion,
            PromotionEvent event,
            String note) {
        RequestedPromotion next =
                promotion.in(PromotionTable.next(promotion, event), note, clock.instant());
        new RequestDao(tx, workspace).update(next);
        switch (event) {
            case REJECTED -> tell(tx, actor, "promotion.rejected", next);
            case CHANGED -> tell(tx, actor, "promotion.void", next);
            case STARTED -> tell(tx, actor, "promotion.started", next);
            case FAILED -> tell(tx, actor, "promotion.failed", next);
            // Each approval is told by itself, and what was carried out by its own event.
            case APPROVED, FINISHED -> {}
        }
        return next;
    }

    /** Makes void what of a model waits or is under way and is no longer what it was. */
    void refresh(Transaction tx, Actor actor, String model) {
        for (RequestedPromotion promotion : new RequestDao(tx, workspace).open(model)) {
            stale(tx, promotion)
                    .ifPresent(why -> happened(tx, actor, promotion, PromotionEvent.CHANGED, why));
        }
    }

    /** Why what was asked for is not what it was, in words; empty where it still is. */
    Optional<String> stale(Transaction tx, RequestedPromotion promotion) {
        ModelVersion version =
                new VersionDao(tx, workspace)
                        .ofNumber(promotion.model(), promotion.version())
                        .orElseThrow();
        List<String> why = new ArrayList<>();
        if (version.stage() != promotion.from()) {
            why.add("it went from " + promotion.from().word() + " to " + version.stage().word());
        }
        List<String> changed = promotion.approves().changed(approves(tx, version));
        if (!changed.isEmpty()) {
            why.add(
                    String.join(", ", changed)
                            + (changed.size() == 1 && !plural(changed) ? " is" : " are")
                            + " another now");
        }
        if (promotion.target() == Stage.PRODUCTION) {
            Optional<Long> current =
                    new ModelDao(tx, workspace)
                            .alias(promotion.model(), Stage.PRODUCTION.word())
                            .map(ModelDao.AliasRow::version);
            if (!as(promotion.expected(), current)) {
                why.add(
                        "in production is "
                                + current.map(n -> promotion.model() + ":" + n).orElse("nothing")
                                + " now");
            }
        }
        return why.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", why));
    }

    private static boolean plural(List<String> changed) {
        return changed.equals(List.of("its verdicts"));
    }

    /** Whether what is in production is as expected. */
    static boolean as(Production expected, Optional<Long> current) {
        return switch (expected) {
            case Production.Whatever ignored -> true;
            case Production.None ignored -> current.isEmpty();
            case Production.Version(long version) -> current.equals(Optional.of(version));
        };
    }

    /** What people wrote stands in the ledger by its digest only: they may be persons' words. */
    private void tell(Transaction tx, Actor actor, String kind, RequestedPromotion promotion) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("promotion", promotion.id());
        payload.put("model", promotion.model());
        payload.put("version", promotion.version());
        payload.put("to", promotion.target().word());
        payload.put("state", promotion.state().words());
        payload.put("needed", promotion.needed());
        payload.put("approvals", promotion.approvals().size());
        payload.set("approves", promotion.approves().json());
        if (!promotion.note().isEmpty()) {
            payload.put("note", Digest.ofText(promotion.note()).hex());
        }
        ledger.append(tx, workspace, actor, kind, "version:" + promotion.ref(), payload);
    }
}
