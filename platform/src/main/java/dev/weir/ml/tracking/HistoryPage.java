package dev.weir.ml.tracking;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Some points of a metric, in logged order.
 *
 * @param next where the next page begins; null where there is none
 */
public record HistoryPage(List<MetricPoint> points, @Nullable String next) {
    public HistoryPage {
        points = List.copyOf(points);
    }
}
