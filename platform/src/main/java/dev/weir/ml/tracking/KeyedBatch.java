package dev.weir.ml.tracking;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one call logs to a run, as {@link Batch}, with the points of each metric together: as a
 * reader of requests gathers them. It is not changed once it is made.
 *
 * @param metrics none of them without points
 */
public record KeyedBatch(
        Map<String, String> params, Map<String, Points> metrics, Map<String, String> tags) {
    static KeyedBatch of(Batch batch) {
        Map<String, Points> metrics = new LinkedHashMap<>();
        for (Metric metric : batch.metrics()) {
            metrics.computeIfAbsent(metric.key(), key -> new Points()).add(metric.point());
        }
        return new KeyedBatch(batch.params(), metrics, batch.tags());
    }
}
