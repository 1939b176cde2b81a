package dev.weir.ml.registry;

/** What is asked of the versions of each model. */
@FunctionalInterface
public interface Policies {
    /** No more than is always asked. */
    Policies NOTHING_MORE = (model, target) -> PromotionPolicy.NOTHING_MORE;

    /**
     * What is asked, at this moment, of a version of a model that is to go to a stage.
     *
     * @param target {@code staging} or {@code production}
     */
    PromotionPolicy of(String model, Stage target);
}
