/**
 * The stage that judges a model. Its steps measure: {@link dev.weir.stage.validate.ScoreKind}
 * scores the held-out rows and computes metrics, for the candidate and for production alike, and
 * {@link dev.weir.stage.validate.LatencyKind} times the scoring of single rows on this machine. In
 * come a model's folder and a table; out go predictions and evidence. {@link
 * dev.weir.stage.validate.ValidateRules} turns the {@code validate:} section of a pipeline file
 * into gates over that evidence; who judges, and what follows, is decided above.
 */
@NullMarked
package dev.weir.stage.validate;

import org.jspecify.annotations.NullMarked;
