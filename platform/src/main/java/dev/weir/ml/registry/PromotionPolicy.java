package dev.weir.ml.registry;

import java.util.Set;

/**
 * What a project asks of a version before it goes to staging or production, whoever asks for it.
 * That the gates of a version that has some must pass is always asked.
 */
public record PromotionPolicy(Set<Demand> demands) {
    /** Nothing more than is always asked. */
    public static final PromotionPolicy NOTHING_MORE = new PromotionPolicy(Set.of());

    /** One thing that is asked. */
    public enum Demand {
        /** Gates that passed: what was never judged is refused. */
        GATES,
        /** A recipe with all six links. */
        RECIPE
    }

    public PromotionPolicy {
        demands = Set.copyOf(demands);
    }

    boolean asksFor(Demand demand) {
        return demands.contains(demand);
    }
}
