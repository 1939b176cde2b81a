package dev.weir.ml.data.evaluate;

import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;

/**
 * Which column of a table of predictions is what.
 *
 * @param truth what was true
 * @param score the probability of the positive class, or the predicted number; null where there are
 *     decisions only
 * @param prediction the decision: a class, or the predicted number; null where there are scores
 * @param weight of each row, 0 or more; null: rows count alike
 * @param group what the metrics are also told by; null: nothing
 * @param threshold a score of at least this much is a positive decision
 * @param task null: by the values of the truth
 * @param positive the class that scores are of; null: 1, true or yes
 */
public record PredictionColumns(
        String truth,
        @Nullable String score,
        @Nullable String prediction,
        @Nullable String weight,
        @Nullable String group,
        double threshold,
        @Nullable Task task,
        @Nullable String positive) {}
