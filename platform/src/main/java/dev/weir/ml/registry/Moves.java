package dev.weir.ml.registry;

import dev.weir.ml.gate.Verdicts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Event;
import dev.weir.store.ledger.EventFilter;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Moves versions from stage to stage, with the reserved aliases and the ledger, so that these never
 * disagree: an alias {@code staging} or {@code production} points to a version of that stage.
 */
final class Moves {
    /** What is to be carried out, and what it rests on. */
    record Order(
            String id,
            ModelVersion version,
            StageEvent event,
            Promotion.Kind kind,
            @Nullable Long replaced,
            @Nullable String below,
            String reason,
            List<String> approvals) {
        /** A version whose gates passed goes to staging. */
        static Order validated(String id, ModelVersion version) {
            return new Order(
                    id,
                    version,
                    StageEvent.VALIDATED,
                    Promotion.Kind.PROMOTION,
                    null,
                    null,
                    "",
                    List.of());
        }
    }

    private static final int MOST_TOLD = 100;

    private final String workspace;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;
    private final Requests requests;

    Moves(String workspace, Ledger ledger, Verdicts verdicts, Clock clock, Ids ids) {
        this.workspace = workspace;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
        this.requests = new Requests(workspace, ledger, verdicts, clock);
    }

    /** A version whose gates passed goes to staging. */
    Promotion validated(Transaction tx, Actor actor, ModelVersion version) {
        return carryOut(tx, actor, Order.validated(ids.next(), version));
    }

    /** What waits of a model and is no longer what was asked for becomes void. */
    void refresh(Transaction tx, Actor actor, String model) {
        requests.refresh(tx, actor, model);
    }

    /**
     * Moves a version that something happened to; its reserved alias goes with its stage. What
     * waits is looked at when all moves are done: see {@link #refresh}.
     */
    void happened(Transaction tx, Actor actor, ModelVersion version, StageEvent event) {
        Stage to = StageTable.next(version.ref(), version.stage(), event);
        if (to == version.stage()) {
            return;
        }
        leave(tx, version, to);
        ObjectNode payload = payload(version, version.stage(), to);
        payload.put("event", event.words());
        ledger.append(tx, workspace, actor, "version.stage", subject(version), payload);
    }

    /** Carries out a promotion or a rollback: stage, alias, record and event together. */
    Promotion carryOut(Transaction tx, Actor actor, Order order) {
        ModelVersion version = order.version();
        Stage to = StageTable.next(version.ref(), version.stage(), order.event());
        Instant now = clock.instant();
        Promotion promotion =
                new Promotion(
                        order.id(),
                        version.model(),
                        version.version(),
                        order.kind(),
                        version.stage(),
                        to,
                        order.replaced(),
                        order.below(),
                        actor,
                        order.reason(),
                        version.judgementId(),
                        order.approvals(),
                        now);
        new PromotionDao(tx, workspace).insert(promotion);
        leave(tx, version, to);
        if (Registry.RESERVED.contains(to.word())) {
            new ModelDao(tx, workspace)
                    .putAlias(version.model(), to.word(), version.version(), promotion.id(), now);
        }
        tell(tx, promotion);
        refresh(tx, actor, version.model());
        return promotion;
    }

    private void leave(Transaction tx, ModelVersion version, Stage to) {
        if (to == version.stage()) {
            return;
        }
        Instant now = clock.instant();
        new VersionDao(tx, workspace).stage(version, to, now);
        ModelDao models = new ModelDao(tx, workspace);
        models.touch(version.model(), now);
        String alias = version.stage().word();
        models.alias(version.model(), alias)
                .filter(row -> row.version() == version.version())
                .ifPresent(row -> models.deleteAlias(version.model(), alias));
    }

    private void tell(Transaction tx, Promotion promotion) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("promotion", promotion.id());
        payload.put("model", promotion.model());
        payload.put("version", promotion.version());
        payload.put("from", promotion.from().word());
        payload.put("to", promotion.to().word());
        payload.put("replaced", promotion.replaced());
        payload.put("judgement", promotion.judgementId());
        payload.put("approvals", promotion.approvals().size());
        String kind =
                switch (promotion.kind()) {
                    case PROMOTION -> "promotion";
                    case ROLLBACK -> "rollback";
                };
        ledger.append(
                tx, workspace, promotion.actor(), kind, "version:" + promotion.ref(), payload);
    }

    /** Every change of a version's stage, the newest first. */
    List<Move> told(Transaction tx, ModelVersion version) {
        PromotionDao promotions = new PromotionDao(tx, workspace);
        return ledger
                .events(tx, EventFilter.all(workspace).about(subject(version)), MOST_TOLD)
                .stream()
                .filter(event -> event.payload().has("from") && event.payload().has("to"))
                .map(event -> move(promotions, event))
                .toList();
    }

    private static Move move(PromotionDao promotions, Event event) {
        JsonNode payload = event.payload();
        String reason =
                payload.path("promotion")
                        .stringValueOpt()
                        .flatMap(promotions::ofId)
                        .map(Promotion::reason)
                        .orElse("");
        String what =
                payload.path("event").asString(event.kind().equals("rollback") ? "rollback" : "");
        return new Move(
                event.at(),
                Stage.of(payload.path("from").stringValue()),
                Stage.of(payload.path("to").stringValue()),
                event.actor(),
                what.isEmpty() || reason.isEmpty() ? what + reason : what + ": " + reason);
    }

    static ObjectNode payload(ModelVersion version, Stage from, Stage to) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("model", version.model());
        payload.put("version", version.version());
        payload.put("from", from.word());
        payload.put("to", to.word());
        return payload;
    }

    /** The subject of events about a version. */
    static String subject(ModelVersion version) {
        return "version:" + version.ref();
    }
}
