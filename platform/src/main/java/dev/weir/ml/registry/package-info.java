/**
 * Registered models: immutable versions, what made each (its recipe), where each stands (its
 * stage), and the names that point to them (aliases).
 *
 * <p>In come versions that a pipeline trained, the judgements of their gates, and people's requests
 * to promote them or to go back. Out come versions by reference ({@code income}, {@code income:3},
 * {@code income@production}), and the history of what was in production. Every change of state
 * appends its event to the ledger in the same transaction.
 *
 * <p>Start at {@link dev.weir.ml.registry.Registry}; {@link dev.weir.ml.registry.Promotions} is the
 * one way to a stage. The table of stages is {@link dev.weir.ml.registry.StageTable}, drawn in
 * {@code docs/lifecycle-version.md}.
 *
 * <pre>{@code
 * database.writing(tx -> {
 *     ModelVersion version = registry.register(tx, actor, candidate).version();
 *     registry.judged(tx, actor, version.ref(), runId, report, evidence);   // staging, if it passed
 *     promotions.promote(tx, actor, PromotionRequest.to(version.ref(), Stage.PRODUCTION));
 *     promotions.rollback(tx, actor, RollbackRequest.of("income"));         // to the one before
 * });
 * }</pre>
 */
@NullMarked
package dev.weir.ml.registry;

import org.jspecify.annotations.NullMarked;
