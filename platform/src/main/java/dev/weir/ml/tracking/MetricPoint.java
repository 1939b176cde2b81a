package dev.weir.ml.tracking;

import org.jspecify.annotations.Nullable;

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
    @Override
    public int compareTo(MetricPoint other) {
        if (step != other.step) {
            return step < other.step ? -1 : 1;
        }
        if (timestampMs != other.timestampMs) {
            return timestampMs < other.timestampMs ? -1 : 1;
        }
        boolean undefined = Double.isNaN(value);
        if (undefined || Double.isNaN(other.value)) {
            return Boolean.compare(!undefined, !Double.isNaN(other.value));
        }
        return Double.compare(value, other.value);
    }

    // By hand, like the order: both are asked for every point that is logged.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MetricPoint point
                && step == point.step
                && timestampMs == point.timestampMs
                && Double.doubleToLongBits(value) == Double.doubleToLongBits(point.value);
    }

    @Override
    public int hashCode() {
        return Long.hashCode((step * 31 + timestampMs) * 31 + Double.doubleToLongBits(value));
    }
}
