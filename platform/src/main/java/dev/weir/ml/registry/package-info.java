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
 * {@code docs/lifecycle-version.md}; that of promotions is {@link
 * dev.weir.ml.registry.PromotionTable}, drawn in {@code docs/lifecycle-promotion.md}.
 *
 * <p><b>Policies and approvals.</b> {@link dev.weir.ml.registry.Policies} says, at the moment of
 * asking, what a model's versions need; what lies above implements it from a project's files. A
 * promotion that needs an approval waits, with the digests that the approval will approve ({@link
 * dev.weir.ml.registry.Approved}); when the version, its verdicts, its stage or production change,
 * it becomes void in the transaction that changed them.
 *
 * <p><b>Rollouts.</b> Where a promotion to production is more than a move of stage and alias, a
 * {@link dev.weir.ml.registry.PromotionCarrier} takes it up, in the transaction in which it has all
 * that it needs: it says {@code true}, writes its own row, and the promotion is under way. The
 * version stays in staging until {@code promotions.finish(tx, actor, id)}, in the transaction that
 * completes the rollout, sets alias and stages (or answers {@code void}, where what was asked for
 * has changed: then the rollout is undone); {@code promotions.fail(tx, actor, id, why)} ends it the
 * other way. While a rollout runs, it looks whether its promotion is still under way ({@code
 * promotions.find(tx, id).state()}). A rollback, and what needs no rollout, tell the carrier by
 * {@code moved}, in their transaction.
 *
 * <pre>{@code
 * database.writing(tx -> {
 *     ModelVersion version = registry.register(tx, actor, candidate).version();
 *     registry.judged(tx, actor, version.ref(), runId, report, evidence);   // staging, if it passed
 *     promotions.promote(tx, actor, PromotionRequest.to(version.ref(), Stage.PRODUCTION));
 *     promotions.approve(tx, another, id, "looks right");                   // where it waited
 *     promotions.rollback(tx, actor, RollbackRequest.of("income"));         // to the one before
 * });
 * }</pre>
 */
@NullMarked
package dev.weir.ml.registry;

import org.jspecify.annotations.NullMarked;
