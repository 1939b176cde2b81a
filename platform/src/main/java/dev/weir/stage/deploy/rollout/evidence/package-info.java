/**
 * What happened on an endpoint while a version was on its way to take over, as counts that add up
 * over servers, restarts and looks.
 *
 * <p>In come requests, by an {@link dev.weir.stage.deploy.rollout.evidence.EvidenceRecorder} that
 * many threads share; out goes {@link dev.weir.stage.deploy.rollout.evidence.Evidence}, which
 * servers write down and the rollout decides on. Start at {@code Evidence}.
 *
 * <pre>{@code
 * EvidenceRecorder recorder = new EvidenceRecorder();       // one for each window: rollout and step
 * recorder.candidate().answered(nanos);
 * recorder.candidate().predicted(0.83);
 * recorder.compared(true, 0.02);                            // a shadow beside the primary
 * rollouts.seen(tx, "rollout", 2, "server-a", recorder.drain());
 * }</pre>
 */
@NullMarked
package dev.weir.stage.deploy.rollout.evidence;

import org.jspecify.annotations.NullMarked;
