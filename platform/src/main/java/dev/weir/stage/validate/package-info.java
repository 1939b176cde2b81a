/**
 * The stage that judges a model. Its steps measure: {@link dev.weir.stage.validate.ScoreKind}
 * scores the held-out rows and computes metrics, for the candidate and for production alike; every
 * further key of a {@code validate:} section is a {@link dev.weir.stage.validate.ModelGate} with a
 * step of its own: slices, regression cases, robustness, footprint, latency, the comparison with
 * production, and programs of the team's own. In come a model's folder and a table; out go
 * predictions and evidence. {@link dev.weir.stage.validate.ModelGates} reads the section; who
 * judges, and what follows, is decided above.
 *
 * <pre>{@code
 * ModelGates gates = new ModelGates(pipeline.at("validate"));
 * for (ModelGate gate : gates.gates()) {
 *     JsonNode measured = ...;                       // the evidence of the step gate.measuring()
 *     GateReport.judge(gate.rules(measured), new Evidence(gate.items(measured, "income:2")));
 * }
 * }</pre>
 */
@NullMarked
package dev.weir.stage.validate;

import org.jspecify.annotations.NullMarked;
