package dev.weir.ml.model;

import java.util.List;

/**
 * A weighted sum of columns and words. In the order of the signature's inputs come the columns of
 * numbers (numbers and the parts of moments), then categories, then texts. With K the width of the
 * signature, the sums of a row are
 *
 * <pre>
 * intercept + Σ over numbers ((value - mean) * scale, 0 where missing) * weights
 *           + Σ over categories: the row of their table at the category's place
 *           + Σ over texts Σ over known n-grams of the text: share * weights
 * </pre>
 *
 * The arrays are not copied.
 *
 * @param mean of each column of numbers
 * @param scale of each column of numbers
 * @param weights numbers x K
 * @param categories a table for each: (places + 1) x K, the last row for what is missing
 * @param texts a table for each
 * @param intercept K
 * @param link what becomes of the sums
 */
public record LinearModel(
        double[] mean,
        double[] scale,
        double[] weights,
        List<double[]> categories,
        List<Ngrams> texts,
        double[] intercept,
        Link link) {
    public LinearModel {
        categories = List.copyOf(categories);
        texts = List.copyOf(texts);
    }

    /**
     * The n-grams of a text column that count. Of those that occur in a text, however often, each
     * has its rarity, and a share of the text: the rarity divided by the root of the sum of the
     * squares of all of them.
     *
     * @param known by length, all of one word first; none twice
     * @param rarity one for each, positive
     * @param weights n-grams x K
     */
    public record Ngrams(List<List<String>> known, float[] rarity, float[] weights) {
        public Ngrams {
            known = List.copyOf(known);
        }
    }
}
