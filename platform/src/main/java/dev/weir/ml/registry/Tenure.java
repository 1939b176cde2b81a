package dev.weir.ml.registry;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A span of time in which the alias {@code production} named one version.
 *
 * @param entered what put it there
 * @param left what ended it: the promotion or rollback of another, or its own way out; null while
 *     it lasts
 */
public record Tenure(Promotion entered, @Nullable Promotion left) {
    /** When it began, inclusive. */
    public Instant from() {
        return entered.at();
    }

    /** When it ended, exclusive; null while it lasts. */
    public @Nullable Instant until() {
        return left == null ? null : left.at();
    }

    /**
     * Whether it lasted at some moment from {@code start}, inclusive, to {@code end}, exclusive.
     */
    public boolean within(Instant start, Instant end) {
        Instant ended = until();
        return from().isBefore(end) && (ended == null || ended.isAfter(start));
    }

    /** The tenures that promotions made, the newest first. */
    static List<Tenure> of(List<Promotion> oldestFirst) {
        List<Tenure> tenures = new ArrayList<>();
        @Nullable Promotion current = null;
        for (Promotion promotion : oldestFirst) {
            boolean in = promotion.to() == Stage.PRODUCTION;
            boolean out =
                    current != null
                            && promotion.from() == Stage.PRODUCTION
                            && promotion.version() == current.version();
            if (current != null && (in || out)) {
                tenures.add(new Tenure(current, promotion));
                current = null;
            }
            if (in) {
                current = promotion;
            }
        }
        if (current != null) {
            tenures.add(new Tenure(current, null));
        }
        return tenures.reversed();
    }

    /**
     * {@code {"version","from","until","kind","by","reason","approvals":[],"ended_by",
     * "ended_reason","followed_by"}}.
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", entered.version());
        json.put("from", from().toString());
        json.put("until", left == null ? null : left.at().toString());
        json.put("kind", entered.json().path("kind").asString());
        json.put("by", entered.actor().toString());
        json.put("reason", entered.reason());
        entered.approvals().forEach(json.putArray("approvals")::add);
        if (left != null) {
            json.put("ended_by", left.actor().toString());
            json.put("ended_reason", left.reason());
            json.put("followed_by", left.to() == Stage.PRODUCTION ? left.version() : null);
        }
        return json;
    }
}
