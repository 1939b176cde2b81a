/**
 * How a new version takes over an endpoint without risk, and back. Knows nothing of HTTP: servers
 * ask for {@link dev.weir.stage.deploy.rollout.Route}s and say what they saw.
 *
 * <p>In come promotions to production of a model that has an endpoint ({@link
 * dev.weir.stage.deploy.rollout.RolloutCarrier} takes them up), what servers saw ({@link
 * dev.weir.stage.deploy.rollout.evidence.Evidence}), and people's {@code pause}, {@code resume},
 * {@code abort} and {@code finish}. Out come routes, and an event on the ledger for every step,
 * with its evidence. The lifecycle is the table {@code RolloutTable}, drawn in {@code
 * docs/lifecycle-rollout.md}; what to do next is a pure function, {@link
 * dev.weir.stage.deploy.rollout.Decider}; everything is in the database, so that any server carries
 * on where another stood.
 *
 * <p>Start at {@link dev.weir.stage.deploy.rollout.Rollouts}. A server does three things: it serves
 * {@link dev.weir.stage.deploy.rollout.Endpoints#routes} and asks for them anew when {@link
 * dev.weir.stage.deploy.rollout.Endpoints#revision} has grown, it writes down what it saw, and it
 * lets a {@link dev.weir.stage.deploy.rollout.RolloutDriver} tick:
 *
 * <pre>{@code
 * promotions.promote(tx, actor, PromotionRequest.to(VersionRef.parse("income:3"), Stage.PRODUCTION));
 *
 * List<Route> routes = database.read(endpoints::routes);          // and again when the revision grows
 * route.live().get().takes(key);                                  // who answers this request
 * database.writing(tx -> rollouts.saw(tx, live.rollout(), live.step(), "server-a", recorder.drain()));
 * driver.tick();                                                  // every 100 ms, on every server
 * }</pre>
 */
@NullMarked
package dev.weir.stage.deploy.rollout;

import org.jspecify.annotations.NullMarked;
