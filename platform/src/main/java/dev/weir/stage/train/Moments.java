package dev.weir.stage.train;

/** Mean and deviation of a column of numbers, missing ones left out. */
record Moments(double mean, double deviation) {
    /**
     * Of every {@code step}-th value from {@code first} on; in two passes, in their order.
     *
     * @return 0 and 0 where all are missing; the deviation is that of a population
     */
    static Moments of(float[] values, int step, int first) {
        double sum = 0;
        int count = 0;
        for (int at = first; at < values.length; at += step) {
            if (!Float.isNaN(values[at])) {
                sum += values[at];
                count++;
            }
        }
        if (count == 0) {
            return new Moments(0, 0);
        }
        double mean = sum / count;
        double squares = 0;
        for (int at = first; at < values.length; at += step) {
            if (!Float.isNaN(values[at])) {
                squares += (values[at] - mean) * (values[at] - mean);
            }
        }
        return new Moments(mean, Math.sqrt(squares / count));
    }
}
