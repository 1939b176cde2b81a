package dev.weir.project;

/** How much a model that was made again is the same; the ladder of the design. */
public enum Level {
    /** Same bytes. */
    R0,
    /** Same predictions: every score on the held-out rows within 1e-6. */
    R1,
    /**
     * Same decisions: no score further away than 1e-3, and no decision that differs outside a band
     * of 1e-5 around the threshold.
     */
    R2,
    /**
     * Same metrics: the 95 % interval of the difference of the headline metric, by paired bootstrap
     * over the held-out rows, lies within one standard deviation of the same training over seeds,
     * overall and in each slice that the pipeline names; within 0.005 where chance has no part in
     * the training ({@link MetricBand}).
     */
    R3,
    /** Different. */
    R4
}
