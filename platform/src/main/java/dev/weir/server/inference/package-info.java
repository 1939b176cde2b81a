/**
 * The doors to predictions: the Open Inference Protocol v2 over REST (with binary tensors), and
 * MLflow's {@code /invocations}; beside them {@code /metrics} for Prometheus. They translate; what
 * answers is {@link dev.weir.stage.deploy.LiveEndpoints}.
 *
 * <pre>
 * GET  /v2/health/live, /v2/health/ready, /v2
 * GET  /v2/models/NAME[/versions/N], …/ready
 * POST /v2/models/NAME[/versions/N]/infer
 * POST /endpoints/NAME/invocations          and /invocations, where there is one endpoint
 * GET  /ping, /metrics
 * </pre>
 *
 * <p>A request's columns are read into {@link dev.weir.stage.deploy.Rows} in one pass over its
 * bytes. An error is told in the words of the protocol that was spoken, with the status that {@link
 * dev.weir.server.inference.Status} gives it; a bad request is never a 5xx.
 *
 * <p>Start at {@link dev.weir.server.inference.InferenceDoor}.
 */
@NullMarked
package dev.weir.server.inference;

import org.jspecify.annotations.NullMarked;
