package dev.weir.ml.tracking;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A run with what it logged.
 *
 * @param params by key
 * @param metrics the latest point of each key
 * @param tags by key
 */
public record Run(
        RunInfo info,
        SortedMap<String, String> params,
        SortedMap<String, MetricPoint> metrics,
        SortedMap<String, String> tags) {
    public Run {
        params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }
}
