/**
 * MLflow's tracking and registry REST API, so that MLflow's own clients work unmodified. This room
 * translates; what is done is done in {@code ml.tracking} and {@code ml.registry}.
 *
 * <p>In come requests of {@code /api/2.0/mlflow/…}; out go answers and errors in MLflow's words. A
 * request is read as {@link dev.weir.server.mlflow.Asked}, found in {@link
 * dev.weir.server.mlflow.Routes}, answered by one of the classes named {@code *Calls}, and written
 * by {@link dev.weir.server.mlflow.Wire}. All writes of one process share commits ({@code
 * store.meta.GroupCommit}), and are durable before they are answered.
 *
 * <p>Start at {@link dev.weir.server.mlflow.MlflowDoor}. Where Weir differs from MLflow's own
 * server, and why, tells {@code docs/mlflow-differences.md}.
 *
 * <pre>{@code
 * Door door = new MlflowDoor(name -> Optional.of(workspace));
 * Server.start(ListenAddress.loopback(8700), Optional.empty(), List.of(door));
 * }</pre>
 */
@NullMarked
package dev.weir.server.mlflow;

import org.jspecify.annotations.NullMarked;
