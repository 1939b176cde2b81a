package dev.weir.ml.model;

import java.util.List;

/**
 * Gradient-boosted regression trees whose leaves add up. A row goes left where {@code value <
 * threshold}, both as 32-bit floats; a missing value (NaN) goes where the node says.
 *
 * @param baseMargin what the sum starts with; for a logistic link in log-odds
 * @param logistic whether the prediction is the sigmoid of the sum, else the sum itself
 * @param features how many columns a row has
 * @param trees in the order of training
 */
public record TreeEnsemble(float baseMargin, boolean logistic, int features, List<Tree> trees) {
    public TreeEnsemble {
        trees = List.copyOf(trees);
    }

    /** How many nodes all trees have. */
    public int nodes() {
        return trees.stream().mapToInt(tree -> tree.left().length).sum();
    }

    /**
     * One tree; node 0 is the root, all arrays have one element for each node.
     *
     * @param left the node for values below the threshold; -1 marks a leaf
     * @param right the node for all other values
     * @param feature the column that is tested, from 0
     * @param value the threshold of an inner node, the addend of a leaf
     * @param missingLeft whether a missing value goes left
     */
    public record Tree(
            int[] left, int[] right, int[] feature, float[] value, boolean[] missingLeft) {}
}
