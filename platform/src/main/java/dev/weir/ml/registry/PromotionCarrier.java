package dev.weir.ml.registry;

import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Transaction;

import java.util.List;

/**
 * What carries out a promotion to production where a move of stage and alias is not enough: a
 * rollout, where the model has an endpoint. What lies above the registry implements it.
 */
public interface PromotionCarrier {
    /** The move of stage and alias is all. */
    PromotionCarrier NONE = (tx, actor, promotion) -> false;

    /**
     * Called in the transaction in which a promotion to production has all that it needs, before
     * anything moved. Who takes it up says {@code true}: the promotion is then under way, the
     * version stays where it is, and {@link Promotions#finish} or {@link Promotions#fail} ends it,
     * each in the transaction that ends the rollout. {@code false}: stage and alias move at once.
     *
     * @param actor who asked, or who gave the last approval
     */
    boolean begin(Transaction tx, Actor actor, RequestedPromotion promotion);

    /**
     * Called in the transaction in which what is in production was changed by anything but {@link
     * Promotions#finish}: a promotion that was carried out at once, or a rollback.
     */
    default void moved(Transaction tx, Actor actor, Promotion promotion) {}

    /** What of it needs a version, in words: {@code endpoint income answers with it}. */
    default List<String> needs(Transaction tx, VersionRef version) {
        return List.of();
    }
}
