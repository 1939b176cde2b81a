package dev.weir.ml.stats;

import org.jspecify.annotations.Nullable;

/**
 * A model on fixed rows, to be measured again and again under other weights: what depends on the
 * rows alone, such as the order of the scores, was done once.
 */
@FunctionalInterface
public interface Measurement {
    /**
     * Measures.
     *
     * @param weights one for each row, 0 or more; null for rows that count alike
     * @throws dev.weir.base.problem.ProblemException (STEP) for weights that are negative or not
     *     finite
     */
    Metrics under(double @Nullable [] weights);
}
