package dev.weir.ml.tracking;

import java.util.List;
import java.util.Map;

/**
 * What one call logs to a run; all of it or nothing.
 *
 * @param params immutable once logged
 * @param metrics in the order in which the history shows them
 * @param tags replace earlier ones of the same key
 */
public record Batch(Map<String, String> params, List<Metric> metrics, Map<String, String> tags) {
    public Batch {
        params = Map.copyOf(params);
        metrics = List.copyOf(metrics);
        tags = Map.copyOf(tags);
    }

    /** Parameters only. */
    public static Batch ofParams(Map<String, String> params) {
        return new Batch(params, List.of(), Map.of());
    }

    /** Metrics only. */
    public static Batch ofMetrics(List<Metric> metrics) {
        return new Batch(Map.of(), metrics, Map.of());
    }

    /** Tags only. */
    public static Batch ofTags(Map<String, String> tags) {
        return new Batch(Map.of(), List.of(), tags);
    }
}
