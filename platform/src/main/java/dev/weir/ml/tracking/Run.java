package dev.weir.ml.tracking;

import java.util.SortedMap;

/**
 * A run with what it logged.
 *
 * @param params by key; the maps are the reader's own
 * @param metrics the latest point of each key
 * @param tags by key
 */
public record Run(
        RunInfo info,
        SortedMap<String, String> params,
        SortedMap<String, MetricPoint> metrics,
        SortedMap<String, String> tags) {}
