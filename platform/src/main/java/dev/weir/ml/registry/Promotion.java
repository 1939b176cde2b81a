package dev.weir.ml.registry;

import dev.weir.store.ledger.Actor;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A request that was carried out: a version moved to a stage.
 *
 * @param kind a promotion, or a rollback
 * @param replaced the version in production until then; null where there was none
 * @param below the promotion that a rollback returns to; null where there is none
 * @param actor who asked
 * @param judgementId the judgement that it rests on
 * @param approvals who approved it
 */
public record Promotion(
        String id,
        String model,
        long version,
        Kind kind,
        Stage from,
        Stage to,
        @Nullable Long replaced,
        @Nullable String below,
        Actor actor,
        String reason,
        @Nullable String judgementId,
        List<String> approvals,
        Instant at) {
    /** Forward or back. */
    public enum Kind {
        /** Moved to a stage that was asked for. */
        PROMOTION,
        /** Back in production, because the one after it was taken back. */
        ROLLBACK
    }

    /** {@code income:3}. */
    public VersionRef ref() {
        return VersionRef.of(model, version);
    }

    /**
     * {@code {"promotion","kind","name","version","from","to","replaced","actor","reason","at"}}.
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("promotion", id);
        json.put("kind", kind.name().toLowerCase(Locale.ROOT));
        json.put("name", model);
        json.put("version", version);
        json.put("from", from.word());
        json.put("to", to.word());
        json.put("replaced", replaced);
        json.put("actor", actor.toString());
        json.put("reason", reason);
        json.put("at", at.toString());
        return json;
    }
}
