package dev.weir.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.registry.PromotionPolicy.ApprovalRule;
import dev.weir.ml.registry.PromotionPolicy.Demand;
import dev.weir.ml.registry.PromotionPolicy.When;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Event;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Promotions that wait for an approval, or for a rollout. */
@ParameterizedClass
@EnumSource(Dialect.class)
class ApprovalsTest {
    private static final Actor BOB = Actor.person("bob");
    private static final Actor CAROL = Actor.person("carol");

    private final String url;
    private final Home home;

    /** What is asked for on the way to production; changed within a test. */
    private volatile PromotionPolicy policy = always(1);

    /** What a rollout took up. */
    private final List<String> begun = new ArrayList<>();

    private final List<String> moved = new ArrayList<>();
    private boolean endpoint;
    private final Promotions promotions;

    ApprovalsTest(Dialect dialect) {
        url = TestDatabases.freshUrl(dialect);
        home = new Home(Database.open(url));
        promotions = promotionsOf(home);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private Promotions promotionsOf(Home of) {
        PromotionCarrier carrier =
                new PromotionCarrier() {
                    @Override
                    public boolean begin(
                            dev.weir.store.meta.Transaction tx,
                            Actor actor,
                            RequestedPromotion promotion) {
                        begun.add(promotion.ref().toString());
                        return endpoint;
                    }

                    @Override
                    public void moved(
                            dev.weir.store.meta.Transaction tx, Actor actor, Promotion promotion) {
                        moved.add(promotion.ref().toString());
                    }
                };
        return new Promotions(
                "default",
                of.registry,
                of.verdicts,
                (model, target) ->
                        target == Stage.PRODUCTION ? policy : PromotionPolicy.NOTHING_MORE,
                carrier,
                of.ledger,
                of.clock,
                of.ids);
    }

    private static PromotionPolicy always(int count, String... approvers) {
        return policy(new ApprovalRule(When.ALWAYS, count, List.of(approvers), "it is so"));
    }

    private static PromotionPolicy policy(ApprovalRule rule) {
        return new PromotionPolicy(Set.of(), false, List.of(), rule);
    }

    private String staged(int seed) {
        String ref = home.register("income", seed).ref().toString();
        home.judged(ref, Home.PASSED);
        return ref;
    }

    private RequestedPromotion ask(String ref) {
        return home.write(
                tx ->
                        promotions.promote(
                                tx,
                                Home.ANNA,
                                PromotionRequest.to(VersionRef.parse(ref), Stage.PRODUCTION)
                                        .because("better")));
    }

    private RequestedPromotion approve(Actor actor, String id) {
        return home.write(tx -> promotions.approve(tx, actor, id, "looks right"));
    }

    private RequestedPromotion found(String id) {
        return home.read(tx -> promotions.find(tx, id));
    }

    @Test
    void waitsUntilAnotherPersonSaysYes() {
        RequestedPromotion asked = ask(staged(1));
        assertThat(asked.state()).isEqualTo(PromotionState.WAITING);
        assertThat(promotions.waitsFor(asked)).contains("one person other than person:anna");
        assertThat(home.stage("income:1")).isEqualTo(Stage.STAGING);
        RegistryTest.refused(
                () -> approve(Home.ANNA, asked.id()),
                Kind.REFUSED,
                "person:anna asked for promotion " + asked.id() + " and cannot approve it",
                "one person");
        RegistryTest.refused(
                () -> approve(Actor.service("ci"), asked.id()),
                Kind.REFUSED,
                "service:ci cannot approve",
                null);
        RequestedPromotion done = approve(BOB, asked.id());
        assertThat(done.state()).isEqualTo(PromotionState.CARRIED_OUT);
        assertThat(done.approvals())
                .extracting(Approval::actor, Approval::note, Approval::digest)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(
                                BOB, "looks right", asked.approves().digest()));
        assertThat(home.aliases("income")).isEqualTo(Map.of("production", 1L));
        Promotion promotion = home.read(tx -> promotions.history(tx, "income")).getFirst();
        assertThat(promotion.id()).isEqualTo(asked.id());
        assertThat(promotion.actor()).isEqualTo(Home.ANNA);
        assertThat(promotion.approvals()).containsExactly("person:bob");
        assertThat(home.events())
                .extracting(Event::kind)
                .endsWith("promotion.requested", "promotion.approved", "promotion");
        assertThat(home.events().toString()).doesNotContain("looks right").doesNotContain("better");
        RegistryTest.refused(
                () -> approve(CAROL, asked.id()),
                Kind.REFUSED,
                "is carried out and cannot be approved (expected: waiting)",
                null);
        assertThat(moved).containsExactly("income:1");
    }

    @Test
    void whoMadeAVersionDoesNotApproveWhatAServiceAskedFor() {
        PromotionRequest request =
                PromotionRequest.to(VersionRef.parse(staged(1)), Stage.PRODUCTION);
        RequestedPromotion asked =
                home.write(tx -> promotions.promote(tx, Actor.service("ci"), request));
        RegistryTest.refused(
                () -> approve(Home.ANNA, asked.id()),
                Kind.REFUSED,
                "person:anna registered income:1, which service:ci asked for",
                null);
        assertThat(approve(BOB, asked.id()).state()).isEqualTo(PromotionState.CARRIED_OUT);
    }

    @Test
    void askingAgainGivesTheSamePromotionAndItIsFoundByItsVersion() {
        RequestedPromotion asked = ask(staged(1));
        assertThat(ask("income:1").id()).isEqualTo(asked.id());
        assertThat(found("income:1").id()).isEqualTo(asked.id());
        assertThat(found(asked.id().substring(0, 20))).isEqualTo(asked);
        assertThat(home.read(promotions::open)).containsExactly(asked);
        RegistryTest.refused(
                () -> found("feed"), Kind.INPUT, "promotion: feed", "weir promotions list");
        RegistryTest.refused(() -> found("income:7"), Kind.INPUT, "income:7", null);
    }

    @Test
    void asManySayYesAsThePolicyAsksForAndOnlyThoseWhoMay() {
        policy = always(2, "bob", "person:c*");
        RequestedPromotion asked = ask(staged(1));
        RegistryTest.refused(
                () -> approve(Actor.person("dave"), asked.id()),
                Kind.REFUSED,
                "person:dave cannot approve",
                "weir.yaml");
        RequestedPromotion one = approve(BOB, asked.id());
        assertThat(one.state()).isEqualTo(PromotionState.WAITING);
        assertThat(one.missing()).isEqualTo(1);
        RegistryTest.refused(() -> approve(BOB, asked.id()), Kind.REFUSED, "has approved", null);
        assertThat(approve(CAROL, asked.id()).state()).isEqualTo(PromotionState.CARRIED_OUT);
    }

    @Test
    void aNoEndsItAndWhoAskedMayTakeItBack() {
        RequestedPromotion asked = ask(staged(1));
        RequestedPromotion no =
                home.write(tx -> promotions.reject(tx, BOB, asked.id(), "too early"));
        assertThat(no.state()).isEqualTo(PromotionState.REJECTED);
        RegistryTest.refused(
                () -> approve(CAROL, asked.id()),
                Kind.REFUSED,
                "is rejected (too early) and cannot be approved",
                null);
        RequestedPromotion again = ask("income:1");
        assertThat(again.id()).isNotEqualTo(asked.id());
        home.write(tx -> promotions.reject(tx, Home.ANNA, again.id(), "never mind"));
        assertThat(home.stage("income:1")).isEqualTo(Stage.STAGING);
        assertThat(home.read(promotions::open)).isEmpty();
    }

    @Test
    void becomesVoidAsSoonAsWhatWasToBeApprovedIsAnother() {
        RequestedPromotion asked = ask(staged(1));
        home.judged("income:1", Home.PASSED);
        assertThat(found(asked.id()).state()).as("the same verdicts").isEqualTo(asked.state());
        home.judged("income:1", Home.report(dev.weir.ml.gate.Verdict.PASS, "0.91"));
        RequestedPromotion now = found(asked.id());
        assertThat(now.state()).isEqualTo(PromotionState.VOID);
        assertThat(now.note()).isEqualTo("its verdicts are another now");
        RegistryTest.refused(
                () -> approve(BOB, asked.id()),
                Kind.REFUSED,
                "is void (its verdicts are another now) and cannot be approved",
                null);
        assertThat(home.events().getLast().kind()).isEqualTo("promotion.void");

        RequestedPromotion second = ask("income:1");
        home.judged("income:1", Home.FAILED);
        assertThat(found(second.id()).note())
                .isEqualTo("it went from staging to development; its verdicts are another now");

        home.judged("income:1", Home.PASSED);
        RequestedPromotion third = ask("income:1");
        RequestedPromotion other = ask(staged(2));
        approve(BOB, other.id());
        assertThat(found(third.id()).note()).isEqualTo("in production is income:2 now");
    }

    @Test
    void whatIsChangedBehindTheRegistrysBackIsSeenWhenItIsApproved() {
        RequestedPromotion asked = ask(staged(1));
        home.database.writing(
                tx ->
                        tx.handle()
                                .execute(
                                        "update model_version set digest = ?",
                                        dev.weir.base.digest.Digest.ofText("another").hex()));
        RequestedPromotion now = approve(BOB, asked.id());
        assertThat(now.state()).isEqualTo(PromotionState.VOID);
        assertThat(now.note()).isEqualTo("its recipe, the model itself are another now");
        assertThat(home.stage("income:1")).isEqualTo(Stage.STAGING);
    }

    @Test
    void theFirstOfAModelAloneIsApprovedWhereThePolicySaysSo() {
        policy = policy(new ApprovalRule(When.FIRST, 1, List.of(), "it is the first"));
        RequestedPromotion first = ask(staged(1));
        assertThat(first.state()).isEqualTo(PromotionState.WAITING);
        assertThat(first.because()).isEqualTo("it is the first");
        approve(BOB, first.id());
        assertThat(ask(staged(2)).state()).isEqualTo(PromotionState.CARRIED_OUT);
    }

    @Test
    void thePolicyOfTheMomentCounts() {
        RequestedPromotion asked = ask(staged(1));
        policy =
                new PromotionPolicy(
                        Set.of(Demand.MONITOR),
                        false,
                        List.of(),
                        new ApprovalRule(When.ALWAYS, 1, List.of(), ""));
        RequestedPromotion failed = approve(BOB, asked.id());
        assertThat(failed.state()).isEqualTo(PromotionState.FAILED);
        assertThat(failed.note()).startsWith("income:1: nothing says how it is watched");
        assertThat(home.stage("income:1")).isEqualTo(Stage.STAGING);
        policy = new PromotionPolicy(Set.of(), false, List.of("service:*"), ApprovalRule.NEVER);
        RegistryTest.refused(
                () -> ask("income:1"),
                Kind.REFUSED,
                "person:anna may not promote income:1 (expected: service:*)",
                "weir.yaml");
    }

    @Test
    void aRolloutCarriesItOutAndItsEndEndsThePromotion() {
        endpoint = true;
        policy = PromotionPolicy.NOTHING_MORE;
        RequestedPromotion running = ask(staged(1));
        assertThat(running.state()).isEqualTo(PromotionState.UNDER_WAY);
        assertThat(begun).containsExactly("income:1");
        assertThat(home.stage("income:1")).isEqualTo(Stage.STAGING);
        staged(2);
        // Its own request is all that may go there; others are told to wait.
        RegistryTest.refused(
                () -> ask("income:2"), Kind.REFUSED, "income:1 is on its way to production", null);
        home.write(tx -> promotions.finish(tx, BOB, running.id()));
        assertThat(home.aliases("income")).containsEntry("production", 1L);
        assertThat(moved).isEmpty();

        RequestedPromotion second = ask("income:2");
        RequestedPromotion failed =
                home.write(tx -> promotions.fail(tx, BOB, second.id(), "error rate 3 %"));
        assertThat(failed.state()).isEqualTo(PromotionState.FAILED);
        assertThat(home.stage("income:2")).isEqualTo(Stage.STAGING);

        RequestedPromotion third = ask("income:2");
        home.judged("income:2", Home.FAILED);
        RegistryTest.refused(
                () -> home.write(tx -> promotions.finish(tx, BOB, third.id())),
                Kind.REFUSED,
                "is void (it went from staging to development",
                null);
        assertThat(home.aliases("income")).containsEntry("production", 1L);
    }

    @Test
    void approvedBesideRejectedAndBesideChangesOneWinsAndNothingIsLost() throws Exception {
        try (Home other = new Home(Database.open(url))) {
            Promotions beside = promotionsOf(other);
            for (int round = 1; round <= 6; round++) {
                String ref = staged(round);
                String id = ask(ref).id();
                boolean judged = round % 2 == 0;
                List<String> results =
                        atOnce(
                                () -> outcome(() -> approve(BOB, id).state().words()),
                                () ->
                                        outcome(
                                                () ->
                                                        judged
                                                                ? other.judged(ref, Home.FAILED)
                                                                        .stage()
                                                                        .word()
                                                                : other.write(
                                                                                tx ->
                                                                                        beside
                                                                                                .reject(
                                                                                                        tx,
                                                                                                        CAROL,
                                                                                                        id,
                                                                                                        "no"))
                                                                        .state()
                                                                        .words()));
                String why = "round %d: %s".formatted(round, results);
                RequestedPromotion now = found(id);
                boolean won = now.state() == PromotionState.CARRIED_OUT;
                assertThat(home.stage(ref))
                        .as(why)
                        .isEqualTo(
                                won
                                        ? Stage.PRODUCTION
                                        : judged ? Stage.DEVELOPMENT : Stage.STAGING);
                assertThat(results.getFirst())
                        .as(why)
                        .isEqualTo(won ? "carried out" : "promotion.state");
                if (!judged) {
                    assertThat(results.getLast())
                            .as(why)
                            .isEqualTo(won ? "promotion.state" : "rejected");
                }
                assertThat(now.approvals()).as(why).hasSize(won ? 1 : 0);
            }
        }
    }

    @Test
    void askedForAtOnceIsOnePromotionAndApprovedAtOnceIsOneThatMoves() throws Exception {
        try (Home other = new Home(Database.open(url))) {
            Promotions beside = promotionsOf(other);
            for (int round = 0; round < 4; round++) {
                String first = staged(2 * round + 1);
                String second = staged(2 * round + 2);
                PromotionRequest request =
                        PromotionRequest.to(VersionRef.parse(first), Stage.PRODUCTION);
                List<String> ids =
                        atOnce(
                                () -> ask(first).id(),
                                () -> other.write(tx -> beside.promote(tx, CAROL, request)).id());
                assertThat(ids.getFirst()).as("round %d", round).isEqualTo(ids.getLast());
                String one = found(first).actor().equals(Home.ANNA) ? "bob" : "anna";
                String two = ask(second).id();
                List<String> results =
                        atOnce(
                                () ->
                                        outcome(
                                                () ->
                                                        approve(Actor.person(one), ids.getFirst())
                                                                .state()
                                                                .words()),
                                () ->
                                        outcome(
                                                () ->
                                                        other.write(
                                                                        tx ->
                                                                                beside.approve(
                                                                                        tx, BOB,
                                                                                        two, ""))
                                                                .state()
                                                                .words()));
                assertThat(results).as("round %d", round).containsOnlyOnce("carried out");
                assertThat(results).as("round %d", round).containsOnlyOnce("promotion.state");
                boolean firstWon = results.getFirst().equals("carried out");
                assertThat(home.version("income@production").ref().toString())
                        .isEqualTo(firstWon ? first : second);
                assertThat(found(firstWon ? two : ids.getFirst()).note())
                        .isEqualTo("in production is " + (firstWon ? first : second) + " now");
            }
        }
        List<ModelVersion> versions = home.read(tx -> home.registry.versions(tx, "income"));
        assertThat(versions).filteredOn(v -> v.stage() == Stage.PRODUCTION).hasSize(1);
        assertThat(versions).filteredOn(v -> v.stage() == Stage.ARCHIVED).hasSize(3);
        assertThat(home.read(promotions::open)).isEmpty();
    }

    private static String outcome(Callable<String> work) throws Exception {
        try {
            return work.call();
        } catch (ProblemException e) {
            return e.problems().getFirst().code();
        }
    }

    private static <T> List<T> atOnce(Callable<T> first, Callable<T> second) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> work : List.of(first, second)) {
                futures.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    return work.call();
                                }));
            }
            for (Future<T> future : futures) {
                results.add(future.get());
            }
        }
        return results;
    }
}
