package dev.weir.ml.registry;

import dev.weir.base.digest.Digest;
import dev.weir.store.ledger.Actor;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;

/**
 * Somebody's yes to a promotion.
 *
 * @param note what they said; may be empty
 * @param digest of what they approved ({@link Approved#digest})
 */
public record Approval(Actor actor, String note, Digest digest, Instant at) {
    /** {@code {"actor","note","approves","at"}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("actor", actor.toString());
        json.put("note", note);
        json.put("approves", digest.hex());
        json.put("at", at.toString());
        return json;
    }
}
