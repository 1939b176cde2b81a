package dev.weir.ml.tracking.search;

/**
 * What a clause or an order is about: {@code metrics.loss}.
 *
 * @param key of an attribute, its first name in the vocabulary
 */
public record Field(Kind kind, String key) {
    /** What sort of thing carries a key. */
    public enum Kind {
        /** The latest value of a metric. */
        METRIC("metrics"),
        /** A parameter. */
        PARAM("params"),
        /** A tag. */
        TAG("tags"),
        /** What everything of its sort has. */
        ATTRIBUTE("attributes"),
        /** A dataset that a run used. */
        DATASET("datasets");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As a filter names it: {@code metrics}. */
        public String word() {
            return word;
        }
    }

    /** {@code metrics.loss}. */
    @Override
    public String toString() {
        return kind.word() + "." + key;
    }
}
