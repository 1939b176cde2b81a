/**
 * The stage that makes a model. A built-in trainer (trees by XGBoost, or a weighted sum) fits it to
 * a table and writes a model folder (see {@link dev.weir.ml.model.ModelFolder}), the rows that it
 * kept apart, and a report. It runs in a process of its own, so that a crash in native code is a
 * failed attempt and not a dead server; that process never opens the database.
 *
 * <p>The parent writes a {@link dev.weir.stage.train.TrainJob}, starts {@link
 * dev.weir.stage.train.TrainerProcess} as {@link dev.weir.stage.train.TrainerChild} says, and asks
 * the latter what its end means. The same job gives the same model, byte for byte, whatever the
 * time zone, the language and the number of processors.
 *
 * <pre>{@code
 * job.write(scratch.resolve("job.json"));
 * ProcessBuilder child = new ProcessBuilder(TrainerChild.command(file, scratch, memoryBytes, Optional.empty()));
 * child.environment().putAll(ChildJvm.environment(job.parameters().threads()));
 * TrainerChild.interpret(child.start().waitFor(), job);        // throws what went wrong, in words
 * }</pre>
 */
@NullMarked
package dev.weir.stage.train;

import org.jspecify.annotations.NullMarked;
