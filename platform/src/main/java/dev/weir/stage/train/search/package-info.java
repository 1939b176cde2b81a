/**
 * The search for hyper-parameters, as arithmetic: what may be tried ({@link
 * dev.weir.stage.train.search.SearchSpace}), which configurations a seed draws of it ({@link
 * dev.weir.stage.train.search.Draws}), and how many of them go on with how much ({@link
 * dev.weir.stage.train.search.Rungs}). In comes the section {@code sweep:} of a training
 * configuration; out go configurations and rungs. Nothing is trained here: {@code project} makes
 * ordinary steps of it. Start at {@link dev.weir.stage.train.search.SweepSettings}.
 *
 * <pre>{@code
 * SweepSettings settings = SweepSettings.of(section, Trainer.XGBOOST, Task.BINARY);
 * List<Configuration> tried = Draws.of(settings);
 * }</pre>
 */
@NullMarked
package dev.weir.stage.train.search;

import org.jspecify.annotations.NullMarked;
