package dev.weir.ml.registry;

import dev.weir.store.ledger.Actor;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;

/**
 * A promotion that somebody asked for, wherever it stands.
 *
 * @param from where the version was when it was asked for
 * @param actor who asked
 * @param archive whether what is in the stage is archived
 * @param expected what must be in production when it is carried out
 * @param needed how many approvals were asked for; 0 where none
 * @param because why approvals were asked for, in words; empty where none were
 * @param approves what an approval approves
 * @param note why it was rejected, is void, or failed; else empty
 * @param done how it was carried out; null where it was not
 */
public record RequestedPromotion(
        String id,
        String model,
        long version,
        Stage from,
        Stage target,
        PromotionState state,
        Actor actor,
        String reason,
        boolean archive,
        Production expected,
        int needed,
        String because,
        Approved approves,
        List<Approval> approvals,
        String note,
        Instant asked,
        Instant updated,
        @Nullable Promotion done) {
    public RequestedPromotion {
        approvals = List.copyOf(approvals);
    }

    /** {@code income:3}. */
    public VersionRef ref() {
        return VersionRef.of(model, version);
    }

    /** How many approvals are missing, by what was asked for. */
    public int missing() {
        return Math.max(0, needed - approvals.size());
    }

    RequestedPromotion in(PromotionState next, String why, Instant now) {
        return new RequestedPromotion(
                id, model, version, from, target, next, actor, reason, archive, expected, needed,
                because, approves, approvals, why, asked, now, done);
    }

    /**
     * {@code {"promotion","name","version","from","to","state","actor","reason","needed","because",
     * "approves":{},"approvals":[],"note","asked","updated"}}, and {@code "replaced"} where it was
     * carried out.
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("promotion", id);
        json.put("name", model);
        json.put("version", version);
        json.put("from", from.word());
        json.put("to", target.word());
        json.put("state", state.words());
        json.put("actor", actor.toString());
        json.put("reason", reason);
        json.put("needed", needed);
        json.put("because", because);
        json.set("approves", approves.json());
        var given = json.putArray("approvals");
        approvals.forEach(approval -> given.add(approval.json()));
        json.put("note", note);
        json.put("asked", asked.toString());
        json.put("updated", updated.toString());
        if (done != null) {
            json.put("kind", "promotion");
            json.put("replaced", done.replaced());
            json.put("at", done.at().toString());
        }
        return json;
    }
}
