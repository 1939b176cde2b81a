/**
 * Gates: rules between two stages, and their answers. One vocabulary for all stages.
 *
 * <p>In comes {@link dev.weir.ml.gate.Evidence}, what steps measured, as plain values; and {@link
 * dev.weir.ml.gate.Rule}s, what the pipeline file demands. Out comes a {@link
 * dev.weir.ml.gate.GateReport} of {@link dev.weir.ml.gate.Ruling}s, each with the value, what was
 * expected, and a sentence why. Judging is a pure function, costs nothing and is never cached. What
 * could not be evaluated is {@code error}, never a pass; what has nothing to compare with is {@code
 * skipped}, and says so. {@link dev.weir.ml.gate.Verdicts} keeps every answer.
 *
 * <p>Start reading at {@link dev.weir.ml.gate.Rule}.
 *
 * <pre>{@code
 * List<Rule> rules = List.of(
 *     new Rule.AtLeast("validate.roc_auc.min", Severity.ERROR, "roc_auc", 0.90),
 *     new Rule.NotWorseThan("validate.roc_auc.not_worse_than", Severity.ERROR, "roc_auc against production",
 *         Rule.Better.HIGHER, 0));
 * Evidence evidence = new Evidence(Map.of("roc_auc", new Evidence.Measure(0.927, ""),
 *     "roc_auc against production", new Evidence.TooLittle("there is no version in production")));
 * GateReport report = GateReport.judge(rules, evidence);
 * report.passed();      // true: the first gate passes, the second has nothing to compare with
 * }</pre>
 */
@NullMarked
package dev.weir.ml.gate;

import org.jspecify.annotations.NullMarked;
