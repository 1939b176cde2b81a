/**
 * The engine: plans, caches, executes and resumes a DAG of steps. It knows nothing of machine
 * learning; what a step does is a {@link dev.weir.pipeline.StepKind} that plugs in from above.
 *
 * <p>A {@link dev.weir.pipeline.Pipeline} has two sorts of nodes. A {@link dev.weir.pipeline.Step}
 * computes: named inputs come in, named outputs and evidence go out, and since both depend on
 * nothing but its {@link dev.weir.pipeline.StepKey}, the result is cached under that key. A {@link
 * dev.weir.pipeline.Transition} stands between steps, is passed on every run and never cached: it
 * looks at the evidence of the steps before it, may change a state, and lets the run proceed or
 * stops it. Gates are transitions.
 *
 * <p>Start at {@link dev.weir.pipeline.Engine}. The database is the only arbiter between processes:
 * an attempt is a row with a lease and a fencing token, one key has at most one live attempt, and
 * the resources in use are the sum over live leases. Whatever instant a process is killed at, the
 * next one finds every attempt finished or to be taken again.
 *
 * <pre>{@code
 * var copy = Step.named("copy", new CommandKind(List.of("cp", "in/a", "b")))
 *     .input("a", new Input.Given(Artifact.file(digest), "in/a", "data/a"))
 *     .output("b", "b");
 * RunReport report = engine.run(Pipeline.of("demo", List.of(copy)), RunRequest.of("default", actor));
 * }</pre>
 */
@NullMarked
package dev.weir.pipeline;

import org.jspecify.annotations.NullMarked;
