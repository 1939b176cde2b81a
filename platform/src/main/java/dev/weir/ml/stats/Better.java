package dev.weir.ml.stats;

/** Which way a metric improves. */
public enum Better {
    HIGHER,
    LOWER,
    /**
     * Neither way as such: a share of predicted positives, a bias. It can be bounded, not ranked.
     */
    NEITHER
}
