package dev.weir.ml.model;

import java.util.List;

/**
 * Gradient-boosted regression trees whose leaves add up. A row goes left where {@code value <
 * threshold}, both as 32-bit floats; a missing value (NaN) goes where the node says.
 *
 * @param baseMargin what each sum starts with; for a logistic link in log-odds
 * @param link what becomes of the sums
 * @param features how many columns a row has
 * @param targets how many sums there are: one for each of many classes, else one
 * @param trees in the order of training
 */
public record TreeEnsemble(
        float baseMargin, Link link, int features, int targets, List<Tree> trees) {
    public TreeEnsemble {
        trees = List.copyOf(trees);
    }

    /** The first trees alone. */
    public TreeEnsemble first(int count) {
        return count == trees.size()
                ? this
                : new TreeEnsemble(baseMargin, link, features, targets, trees.subList(0, count));
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
     * @param target the sum that its leaves add to, from 0
     */
    public record Tree(
            int[] left,
            int[] right,
            int[] feature,
            float[] value,
            boolean[] missingLeft,
            int target) {}
}
