package dev.weir.ml.stats.drift;

import java.util.Arrays;
import java.util.Comparator;

/** Adjusts p-values for having asked many questions; each method keeps the order given. */
public enum MultipleTests {
    /** As they are: each question by itself. */
    NONE("none"),
    /** Times their number: the chance of any false alarm stays below alpha. */
    BONFERRONI("bonferroni"),
    /** Step-down (Holm, 1979): the same guarantee, never weaker. */
    HOLM("holm"),
    /** Step-up (Benjamini and Hochberg, 1995): the share of false alarms among alarms. */
    BENJAMINI_HOCHBERG("bh"),
    /** The same under any dependence (Benjamini and Yekutieli, 2001). */
    BENJAMINI_YEKUTIELI("by");

    private final String word;

    MultipleTests(String word) {
        this.word = word;
    }

    /** As it stands in YAML. */
    public String word() {
        return word;
    }

    /** The adjusted p-values, at most 1. */
    public double[] adjust(double[] p) {
        int n = p.length;
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> p[i]));
        double harmonic = 0;
        for (int i = 1; i <= n; i++) {
            harmonic += 1.0 / i;
        }
        double[] adjusted = new double[n];
        double bound = this == HOLM ? 0 : 1;
        for (int k = 0; k < n; k++) {
            int rank = this == HOLM || this == BONFERRONI ? k : n - 1 - k;
            int at = order[rank];
            switch (this) {
                case NONE -> adjusted[at] = p[at];
                case BONFERRONI -> adjusted[at] = Math.min(1, p[at] * n);
                case HOLM -> {
                    bound = Math.max(bound, Math.min(1, p[at] * (n - rank)));
                    adjusted[at] = bound;
                }
                case BENJAMINI_HOCHBERG, BENJAMINI_YEKUTIELI -> {
                    double factor = this == BENJAMINI_HOCHBERG ? 1 : harmonic;
                    bound = Math.min(bound, p[at] * factor * n / (rank + 1));
                    adjusted[at] = bound;
                }
            }
        }
        return adjusted;
    }
}
