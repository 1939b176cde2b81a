/**
 * The section {@code deploy:} of a pipeline file, as values: which endpoint answers, by which steps
 * a new version takes over, and what ends that.
 *
 * <p>Start at {@link dev.weir.stage.deploy.rollout.plan.Deployment}, which reads the section and is
 * kept with the endpoint as JSON, so that a server carries on without the project's files.
 *
 * <pre>{@code
 * Deployment deployment = Deployment.read("high", pipelineFile.need("deploy"));
 * deployment.plan().steps();       // shadow, canary 1 %, canary 5 % …
 * }</pre>
 */
@NullMarked
package dev.weir.stage.deploy.rollout.plan;

import org.jspecify.annotations.NullMarked;
