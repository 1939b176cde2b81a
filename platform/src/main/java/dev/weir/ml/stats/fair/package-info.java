/**
 * Whether a model treats groups alike: rates of each group, and the gaps between them.
 *
 * <p>In come decisions, truths and the group of each row; out comes a {@link
 * dev.weir.ml.stats.fair.Fairness}. A group with few rows is left out of the gaps, and named: its
 * rates are noise.
 *
 * <pre>{@code
 * Fairness fairness = Fairness.of(scores, truth, groups, 0.5, Fairness.FEWEST);
 * fairness.demographicParity().difference();      // 0.13
 * }</pre>
 */
@NullMarked
package dev.weir.ml.stats.fair;

import org.jspecify.annotations.NullMarked;
