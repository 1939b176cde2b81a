package dev.weir.ml.tracking;

import java.util.Comparator;

/**
 * One value of a metric. The latest of a key is the greatest by step, then timestamp, then value; a
 * NaN is below every number.
 *
 * @param value any double; NaN and infinities too
 * @param timestampMs milliseconds since the epoch, as the client gave it
 * @param step any number, negative ones too
 */
public record MetricPoint(double value, long timestampMs, long step)
        implements Comparable<MetricPoint> {
    private static final Comparator<MetricPoint> ORDER =
            Comparator.comparingLong(MetricPoint::step)
                    .thenComparingLong(MetricPoint::timestampMs)
                    .thenComparing(point -> !Double.isNaN(point.value))
                    .thenComparingDouble(MetricPoint::value);

    @Override
    public int compareTo(MetricPoint other) {
        return ORDER.compare(this, other);
    }
}
