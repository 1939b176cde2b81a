package dev.weir.ml.tracking;

/**
 * A value to be logged.
 *
 * @param key at most 250 characters: letters, digits, {@code _ - . / :} and spaces
 */
public record Metric(String key, MetricPoint point) {
    /** A value at step 0. */
    public static Metric of(String key, double value, long timestampMs) {
        return new Metric(key, new MetricPoint(value, timestampMs, 0));
    }
}
