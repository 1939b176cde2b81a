/**
 * What a person may set of a trainer: names, ranges and defaults, one table for each trainer
 * ({@link dev.weir.stage.train.parameter.ParameterTables}). In comes a JSON object, as a
 * configuration file has it; out go all parameters after defaults, or a problem for each that is
 * wrong, with the name that was meant. Start at {@link
 * dev.weir.stage.train.parameter.TrainerParameters}.
 *
 * <pre>{@code
 * TrainerParameters parameters = TrainerParameters.of(Trainer.XGBOOST, json, Task.BINARY);
 * int rounds = parameters.whole("rounds");
 * }</pre>
 */
@NullMarked
package dev.weir.stage.train.parameter;

import org.jspecify.annotations.NullMarked;
