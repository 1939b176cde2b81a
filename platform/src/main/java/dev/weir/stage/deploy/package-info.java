/**
 * Serving: what answers predictions, whatever protocol asked. Protocols are doors above this room;
 * the plan by which traffic moves is {@code stage.deploy.rollout} below it.
 *
 * <p>In comes a list of {@link dev.weir.stage.deploy.Deployment}s, read from the database again and
 * again by {@link dev.weir.stage.deploy.LiveEndpoints}: what is behind each endpoint of the home.
 * Each model version is opened once, proves by a real prediction that it answers, and only then
 * takes a place in the {@link dev.weir.stage.deploy.Routing}: one immutable snapshot, exchanged
 * whole. A request enters an endpoint, brings {@link dev.weir.stage.deploy.Rows}, and leaves with a
 * {@link dev.weir.stage.deploy.Prediction}; a version that is replaced is closed when the last
 * request that it answers is done.
 *
 * <p>Start at {@link dev.weir.stage.deploy.LiveEndpoints}.
 *
 * <pre>{@code
 * try (Visit visit = endpoints.enter("income", null)) {
 *     Rows rows = read(body, visit.signature());
 *     Prediction prediction = visit.predict(rows, SplitKey.NONE);
 *     prediction.outputs();     // rows x width
 * }
 * }</pre>
 */
@NullMarked
package dev.weir.stage.deploy;

import org.jspecify.annotations.NullMarked;
