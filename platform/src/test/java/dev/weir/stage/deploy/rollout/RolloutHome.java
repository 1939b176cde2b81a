package dev.weir.stage.deploy.rollout;

import dev.weir.base.digest.Digest;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.gate.Verdicts;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.NewVersion;
import dev.weir.ml.registry.Policies;
import dev.weir.ml.registry.PromotionRequest;
import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.Recipe;
import dev.weir.ml.registry.Registry;
import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.ml.registry.RollbackRequest;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.VersionRef;
import dev.weir.stage.deploy.rollout.evidence.EvidenceRecorder;
import dev.weir.stage.deploy.rollout.plan.Bounds;
import dev.weir.stage.deploy.rollout.plan.Deployment;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.stage.deploy.rollout.plan.SplitKey;
import dev.weir.stage.deploy.rollout.plan.Step;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Event;
import dev.weir.store.ledger.EventFilter;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Ids;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A home with a model that has an endpoint, and a clock that a test turns. */
final class RolloutHome implements AutoCloseable {
    static final Actor ANNA = Actor.person("anna");
    static final Plan PLAN =
            new Plan(
                    List.of(
                            new Step.Shadow(Duration.ofSeconds(30), 50, 0.05),
                            new Step.Canary(10, Duration.ofSeconds(30), 20),
                            new Step.Canary(100, Duration.ofSeconds(30), 20)),
                    new Bounds(0.02, Duration.ofMillis(50), 0.25),
                    false);

    private static final AtomicLong HOMES = new AtomicLong();

    final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-05T08:00:00Z"));
    final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    final Database database;
    final Ids ids = Ids.seeded(clock, HOMES.incrementAndGet());
    final Ledger ledger = new Ledger(clock, ids);
    final Verdicts verdicts = new Verdicts("default", ledger, clock, ids);
    final Registry registry = new Registry("default", ledger, verdicts, clock, ids);
    final Endpoints endpoints = new Endpoints("default", registry, ledger, clock);
    final Promotions promotions;
    final Rollouts rollouts;

    RolloutHome(Database database) {
        this(database, PLAN);
    }

    RolloutHome(Database database, Plan plan) {
        this.database = database;
        Deployment deployment =
                new Deployment(
                        "income",
                        true,
                        plan,
                        new SplitKey.Request(),
                        JsonNodeFactory.instance.objectNode().put("endpoint", "income"));
        this.promotions =
                new Promotions(
                        "default",
                        registry,
                        verdicts,
                        Policies.NOTHING_MORE,
                        new RolloutCarrier(
                                "default",
                                endpoints,
                                registry,
                                model -> Optional.of(deployment),
                                ledger,
                                clock,
                                ids),
                        ledger,
                        clock,
                        ids);
        this.rollouts = new Rollouts("default", endpoints, promotions, ledger, clock);
    }

    /** A version in staging that takes these inputs. */
    ModelVersion staged(String... inputs) {
        long seed = ids.next().hashCode();
        Recipe recipe = Recipe.unknown();
        for (Link link : Link.values()) {
            recipe = recipe.with(link, JsonNodeFactory.instance.objectNode().put("v", seed));
        }
        ObjectNode signature = JsonNodeFactory.instance.objectNode();
        signature.put("task", "regression").put("target", "price");
        var list = signature.putArray("inputs");
        for (String input : inputs) {
            list.addObject().put("name", input).put("datatype", "FP64");
        }
        NewVersion candidate =
                new NewVersion(
                        "income",
                        Digest.ofText("model" + seed),
                        recipe,
                        "run",
                        "",
                        "",
                        Map.of(),
                        signature);
        return database.write(
                tx -> {
                    ModelVersion version = registry.register(tx, ANNA, candidate).version();
                    return registry.judged(
                            tx,
                            ANNA,
                            version.ref(),
                            "run",
                            new GateReport(List.of()),
                            Digest.ofText("evidence"));
                });
    }

    RequestedPromotion promote(ModelVersion version) {
        return database.write(
                tx ->
                        promotions.promote(
                                tx, ANNA, PromotionRequest.to(version.ref(), Stage.PRODUCTION)));
    }

    void rollback() {
        database.writing(tx -> promotions.rollback(tx, ANNA, RollbackRequest.of("income")));
    }

    /** Version 1 answers, and a rollout of version 2 is under way. */
    RolloutHome underWay() {
        promote(staged("age"));
        promote(staged("age"));
        return this;
    }

    /** A server's driver, whose smoke tests pass. */
    RolloutDriver driver(String server) {
        return new RolloutDriver(
                database,
                rollouts,
                (endpoint, version) -> Optional.of(new SmokeTest.Result(true, "1 row")),
                server,
                clock);
    }

    void later(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    Rollout rollout() {
        return database.read(tx -> rollouts.history(tx, "income")).getFirst();
    }

    Endpoint endpoint() {
        return database.read(tx -> endpoints.named(tx, "income"));
    }

    Route route() {
        return database.read(endpoints::routes).getFirst();
    }

    Stage stage(long version) {
        return database.read(tx -> registry.version(tx, VersionRef.of("income", version))).stage();
    }

    /** Requests on both sides, as a server writes them down; of the candidate some fail. */
    void traffic(String server, int requests, int failed) {
        EvidenceRecorder recorder = new EvidenceRecorder();
        Route.Live live = route().live().orElseThrow();
        for (int i = 0; i < requests; i++) {
            recorder.candidate().answered(3_000_000);
            recorder.candidate().predicted(0.1 + i % 5 * 0.1);
            if (live.mode() == Route.Mode.SHADOW) {
                recorder.primary().answered(3_000_000);
                recorder.compared(true, 0.01);
            }
        }
        if (live.mode() == Route.Mode.SPLIT && live.percent() < 100) {
            for (int i = 0; i < requests * (100 - live.percent()) / live.percent(); i++) {
                recorder.primary().answered(3_000_000);
                recorder.primary().predicted(0.1 + i % 5 * 0.1);
            }
        }
        for (int i = 0; i < failed; i++) {
            recorder.candidate().failed("500");
        }
        database.writing(
                tx -> rollouts.saw(tx, live.rollout(), live.step(), server, recorder.drain()));
    }

    /** The kinds of the events about the endpoint, the oldest first. */
    List<String> told() {
        return events().stream().map(Event::kind).toList();
    }

    List<Event> events() {
        return database.read(
                        tx ->
                                ledger.events(
                                        tx,
                                        EventFilter.all("default").about("endpoint:income"),
                                        1_000))
                .reversed();
    }

    @Override
    public void close() {
        database.close();
    }
}
