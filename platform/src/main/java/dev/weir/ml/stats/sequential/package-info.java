/**
 * Tests that may be looked at as often as one likes: what comes in are counts of what happened
 * since the last look, what goes out is evidence against a hypothesis, as an e-value. Its mean is
 * at most 1 while the hypothesis holds, at every look and at any moment that somebody chooses to
 * stop, so that the chance of ever seeing 1/alpha or more is at most alpha (Ville 1939; Ramdas,
 * Grünwald, Vovk and Shafer, Game-theoretic statistics and safe anytime-valid inference, 2023). A
 * fixed-sample test that is looked at every second rejects sooner or later whatever is true.
 *
 * <p>{@link dev.weir.ml.stats.sequential.RateTest} asks whether a rate is above a bound, {@link
 * dev.weir.ml.stats.sequential.RatioTest} whether one of two streams has more of something than the
 * other, {@link dev.weir.ml.stats.sequential.SplitTest} whether a split is as it was meant to be,
 * {@link dev.weir.ml.stats.sequential.ShareInterval} between which bounds a share lies at all
 * times, and {@link dev.weir.ml.stats.sequential.StabilityBound} how far two distributions are
 * apart at least. {@link dev.weir.ml.stats.sequential.LogHistogram} is what latencies and scores
 * are counted in.
 *
 * <pre>{@code
 * RateTest errors = RateTest.above(0.01);
 * errors = errors.next(3, 20);                  // 3 of 20 requests failed since the last look
 * errors.logEvidence() >= Math.log(1 / 0.001);  // then the rate is above 1 %, sure to 1 in 1,000
 * }</pre>
 */
@NullMarked
package dev.weir.ml.stats.sequential;

import org.jspecify.annotations.NullMarked;
