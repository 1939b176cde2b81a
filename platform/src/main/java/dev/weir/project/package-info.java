/**
 * A project: a git repository with a {@code weir.yaml}. Here its files become steps, and here is
 * all that a person does with them: plan, run, register, promote, reproduce, begin.
 *
 * <p>In come a folder and a {@link dev.weir.project.Home}; out go a plan, a run, a model version, a
 * proof. {@link dev.weir.project.PipelineFile} reads {@code pipelines/<model>.yaml}, {@link
 * dev.weir.project.Compiler} turns it into the DAG that the engine runs, and {@link
 * dev.weir.project.Runs} is where to start reading.
 *
 * <pre>{@code
 * Project project = Project.around(folder);
 * RunSummary summary = new Runs(home, runtime).run(project, "income", RunOptions.DEFAULT, progress);
 * }</pre>
 */
@NullMarked
package dev.weir.project;

import org.jspecify.annotations.NullMarked;
