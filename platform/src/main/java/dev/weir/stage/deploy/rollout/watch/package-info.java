/**
 * The checks of a rollout's steps: what servers saw becomes findings, each of them pass, fail, or
 * not enough evidence.
 *
 * <p>In comes the evidence of a step, at every look anew; out come {@link
 * dev.weir.stage.deploy.rollout.watch.Finding}s. The tests are those of {@link
 * dev.weir.ml.stats.sequential}: they may be looked at ten times a second for days, and speak up
 * for nothing in less than 1 % of rollouts. A step passes only where the bare figures hold too and
 * no test is suspicious. Start at {@link dev.weir.stage.deploy.rollout.watch.Watch}.
 *
 * <pre>{@code
 * Watch watch = Watch.beginning(plan);
 * watch = watch.next(plan, 0, evidence, Duration.ofMillis(100));
 * watch.findings(plan, 0);                   // error_rate: fail, 11 % of 500 (expected: at most 1 %)
 * }</pre>
 */
@NullMarked
package dev.weir.stage.deploy.rollout.watch;

import org.jspecify.annotations.NullMarked;
