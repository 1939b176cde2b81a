package dev.weir.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.gate.Judgement;
import dev.weir.store.ledger.Event;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@ParameterizedClass
@EnumSource(Dialect.class)
class PromotionsTest {
    private final String url;
    private final Home home;

    PromotionsTest(Dialect dialect) {
        url = TestDatabases.freshUrl(dialect);
        home = new Home(Database.open(url));
    }

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void goesFromDevelopmentToProductionAndArchivesTheOneBefore() {
        inProduction(1);
        inProduction(2);
        assertThat(home.stage("income:1")).isEqualTo(Stage.ARCHIVED);
        assertThat(home.stage("income:2")).isEqualTo(Stage.PRODUCTION);
        assertThat(home.aliases("income")).isEqualTo(Map.of("production", 2L));
        List<Promotion> history = home.read(tx -> home.promotions.history(tx, "income"));
        assertThat(history)
                .extracting(Promotion::version, Promotion::to, Promotion::replaced)
                .containsExactly(
                        tuple(2L, Stage.PRODUCTION, 1L),
                        tuple(2L, Stage.STAGING, null),
                        tuple(1L, Stage.PRODUCTION, null),
                        tuple(1L, Stage.STAGING, null));
        assertThat(history.getFirst().json().toString())
                .contains(
                        "\"kind\":\"promotion\",\"name\":\"income\",\"version\":2,\"from\":\"staging\",\"to\":\"production\",\"replaced\":1,\"actor\":\"person:anna\"");
        RegisteredModel model = home.read(tx -> home.registry.model(tx, "income"));
        assertThat(model.json().toString())
                .startsWith(
                        "{\"name\":\"income\",\"description\":\"\",\"versions\":2,\"aliases\":{\"production\":2}");
        assertThat(history).allSatisfy(p -> assertThat(p.judgementId()).isNotNull());
        assertThat(home.events())
                .extracting(Event::kind, Event::subject)
                .endsWith(
                        tuple("promotion", "version:income:2"),
                        tuple("version.stage", "version:income:1"),
                        tuple("promotion", "version:income:2"));
    }

    @Test
    void refusesAVersionWhoseGatesFailedAndNamesThem() {
        home.register("income", 1);
        RegistryTest.refused(
                () -> home.promote("income:1", Stage.PRODUCTION),
                Kind.REFUSED,
                "income:1 was never judged",
                "weir run");
        assertThat(home.judged("income:1", Home.FAILED).stage()).isEqualTo(Stage.DEVELOPMENT);
        RegistryTest.refused(
                () -> home.promote("income:1", Stage.PRODUCTION),
                Kind.REFUSED,
                "income:1: its gates said no: validate.roc_auc.min: 0.87 (expected: >= 0.9)",
                "run again");
        RegistryTest.refused(
                () -> home.promote("income:1", Stage.STAGING),
                Kind.REFUSED,
                "its gates said no",
                null);
        assertThat(home.aliases("income")).isEmpty();
        assertThat(home.events())
                .extracting(Event::kind)
                .containsExactly("model.created", "version.registered", "gate.failed");
        List<Judgement> kept = home.read(tx -> home.verdicts.about(tx, "version:income:1"));
        assertThat(kept).hasSize(1).allSatisfy(j -> assertThat(j.report()).isEqualTo(Home.FAILED));
    }

    @Test
    void aLaterJudgementThatFailsTakesAVersionOutOfStagingButNotOutOfProduction() {
        home.register("income", 1);
        home.judged("income:1", Home.PASSED);
        assertThat(home.aliases("income")).isEqualTo(Map.of("staging", 1L));
        assertThat(home.judged("income:1", Home.FAILED).stage()).isEqualTo(Stage.DEVELOPMENT);
        assertThat(home.aliases("income")).isEmpty();
        home.judged("income:1", Home.PASSED);
        home.promote("income:1", Stage.PRODUCTION);
        assertThat(home.judged("income:1", Home.FAILED).stage()).isEqualTo(Stage.PRODUCTION);
        assertThat(home.aliases("income")).isEqualTo(Map.of("production", 1L));
    }

    @Test
    void judgingAgainChangesNothingWhereTheAnswerIsTheSame() {
        home.register("income", 1);
        home.judged("income:1", Home.PASSED);
        int events = home.events().size();
        home.judged("income:1", Home.PASSED);
        assertThat(home.events()).hasSize(events);
    }

    @Test
    void rollsBackStepByStepAndSaysWhereThereIsNothingBefore() {
        home.register("income", 9);
        RegistryTest.refused(
                () -> home.rollback("income"),
                Kind.REFUSED,
                "no version of income is in production",
                null);
        for (int i = 2; i <= 4; i++) {
            inProduction(i);
        }
        assertThat(home.rollback("income").version()).isEqualTo(3);
        assertThat(home.stage("income:4")).isEqualTo(Stage.ARCHIVED);
        assertThat(home.stage("income:3")).isEqualTo(Stage.PRODUCTION);
        assertThat(home.rollback("income").version()).isEqualTo(2);
        assertThat(home.aliases("income")).isEqualTo(Map.of("production", 2L));
        RegistryTest.refused(
                () -> home.rollback("income"),
                Kind.REFUSED,
                "income:2 is in production, and nothing was before it",
                null);
        assertThat(home.events().getLast().kind()).isEqualTo("rollback");
    }

    @Test
    void refusesWhatTheTableOfStagesDoesNotKnow() {
        inProduction(1);
        inProduction(2);
        RegistryTest.refused(
                () -> home.promote("income:1", Stage.PRODUCTION),
                Kind.REFUSED,
                "income:1 is in archived and cannot be promoted (expected: staging)",
                null);
        RegistryTest.refused(
                () -> home.promote("income:2", Stage.PRODUCTION),
                Kind.REFUSED,
                "income:2 is in production already",
                null);
        RegistryTest.refused(
                () -> home.promote("income:2", Stage.STAGING),
                Kind.REFUSED,
                "income:2 is in production and cannot go to staging",
                null);
        RegistryTest.refused(
                () -> home.promote("income:2", Stage.DEVELOPMENT),
                Kind.REFUSED,
                "to development",
                null);
    }

    @Test
    void aRequestThatSawAnotherProductionIsRefused() {
        inProduction(1);
        home.register("income", 2);
        home.judged("income:2", Home.PASSED);
        home.register("income", 3);
        home.judged("income:3", Home.PASSED);
        PromotionRequest second =
                PromotionRequest.to(VersionRef.of("income", 2), Stage.PRODUCTION)
                        .expecting(new Production.Version(1));
        PromotionRequest third =
                PromotionRequest.to(VersionRef.of("income", 3), Stage.PRODUCTION)
                        .expecting(new Production.Version(1));
        home.write(tx -> home.promotions.promote(tx, Home.ANNA, second));
        RegistryTest.refused(
                () -> home.write(tx -> home.promotions.promote(tx, Home.ANNA, third)),
                Kind.REFUSED,
                "production of income: income:2 (expected: income:1)",
                "look again");
        assertThat(home.stage("income:3")).isEqualTo(Stage.STAGING);
    }

    @Test
    void promotionsAtOnceAreCarriedOutOrRefusedAndNothingIsLost() throws Exception {
        try (Home other = new Home(Database.open(url))) {
            for (int round = 0; round < 5; round++) {
                int first = 2 * round + 1;
                for (int v = first; v <= first + 1; v++) {
                    home.register("income", v);
                    home.judged("income:" + v, Home.PASSED);
                }
                Production seen =
                        home.read(tx -> home.registry.production(tx, "income"))
                                .<Production>map(v -> new Production.Version(v.version()))
                                .orElseGet(Production.None::new);
                List<String> results =
                        atOnce(
                                () -> promoted(home, first, seen),
                                () -> promoted(other, first + 1, seen));
                assertThat(results).as("round %d", round).containsOnlyOnce("done");
                assertThat(results).containsOnlyOnce("promotion.moved");
                long production = home.version("income@production").version();
                assertThat(home.stage("income:" + (2 * first + 1 - production)))
                        .isEqualTo(Stage.STAGING);
            }
        }
        List<ModelVersion> versions = home.read(tx -> home.registry.versions(tx, "income"));
        assertThat(versions).filteredOn(v -> v.stage() == Stage.PRODUCTION).hasSize(1);
        assertThat(versions).filteredOn(v -> v.stage() == Stage.ARCHIVED).hasSize(4);
    }

    private void inProduction(int seed) {
        String ref = home.register("income", seed).ref().toString();
        home.judged(ref, Home.PASSED);
        home.promote(ref, Stage.PRODUCTION);
    }

    private static String promoted(Home home, int version, Production seen) {
        PromotionRequest request =
                PromotionRequest.to(VersionRef.of("income", version), Stage.PRODUCTION)
                        .expecting(seen);
        try {
            home.write(tx -> home.promotions.promote(tx, Home.ANNA, request));
            return "done";
        } catch (ProblemException e) {
            return e.problems().getFirst().code();
        }
    }

    @Test
    void registrationsAtOnceGetTheirOwnNumbersOrTheSameVersion() throws Exception {
        try (Home other = new Home(Database.open(url))) {
            for (int round = 0; round < 5; round++) {
                int seed = 10 * round;
                String model = "model" + round % 2;
                List<Long> different =
                        atOnce(
                                () -> home.register(model, seed).version(),
                                () -> other.register(model, seed + 1).version());
                assertThat(different).doesNotHaveDuplicates();
                List<Long> same =
                        atOnce(
                                () -> home.register(model, seed + 2).version(),
                                () -> other.register(model, seed + 2).version());
                assertThat(same.getFirst()).isEqualTo(same.getLast());
            }
        }
        List<ModelVersion> versions = home.read(tx -> home.registry.versions(tx, "model0"));
        assertThat(versions)
                .extracting(ModelVersion::version)
                .containsExactly(9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
    }

    private static <T> List<T> atOnce(Callable<T> first, Callable<T> second)
            throws InterruptedException, ExecutionException {
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

    /** Random operations against a model of maps and a stack. */
    @Test
    void agreesWithASimpleModelWhateverIsAsked() {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            String name = "model" + seed;
            Model model = new Model();
            for (int i = 0; i < 40; i++) {
                int n = 1 + random.nextInt(4);
                String ref = name + ":" + n;
                int choice = random.nextInt(10);
                boolean expected;
                boolean done;
                if (choice == 0 || model.stages.isEmpty()) {
                    int fresh = model.stages.size() + 1;
                    if (fresh <= 4) {
                        home.register(name, fresh);
                        model.stages.put((long) fresh, Stage.DEVELOPMENT);
                        model.passed.put((long) fresh, false);
                    }
                    continue;
                }
                if (n > model.stages.size()) {
                    continue;
                }
                long version = n;
                switch (choice) {
                    case 1, 2, 3 -> {
                        expected = model.judged(version, true);
                        done = tried(() -> home.judged(ref, Home.PASSED));
                    }
                    case 4 -> {
                        expected = model.judged(version, false);
                        done = tried(() -> home.judged(ref, Home.FAILED));
                    }
                    case 5, 6, 7 -> {
                        expected = model.promoted(version);
                        done = tried(() -> home.promote(ref, Stage.PRODUCTION));
                    }
                    case 8 -> {
                        expected = model.retired(version);
                        done = tried(() -> home.promote(ref, Stage.ARCHIVED));
                    }
                    default -> {
                        expected = model.rolledBack();
                        done = tried(() -> home.rollback(name));
                    }
                }
                String where = "seed " + seed + ", operation " + i + ", choice " + choice;
                assertThat(done).as(where).isEqualTo(expected);
                assertThat(home.aliases(name)).as(where).isEqualTo(model.aliases);
                SortedMap<Long, Stage> stages = new TreeMap<>();
                List<ModelVersion> versions = home.read(tx -> home.registry.versions(tx, name));
                versions.forEach(v -> stages.put(v.version(), v.stage()));
                assertThat(stages).as(where).isEqualTo(model.stages);
            }
        }
    }

    private static boolean tried(Runnable work) {
        try {
            work.run();
            return true;
        } catch (ProblemException e) {
            assertThat(e.kind()).isEqualTo(Kind.REFUSED);
            return false;
        }
    }

    /** What the registry should do, in the simplest words. */
    private static final class Model {
        final SortedMap<Long, Stage> stages = new TreeMap<>();
        final Map<Long, Boolean> passed = new TreeMap<>();
        final SortedMap<String, Long> aliases = new TreeMap<>();

        /** What was in production, the present one on top. */
        final Deque<Long> tenures = new ArrayDeque<>();

        boolean judged(long version, boolean pass) {
            passed.put(version, pass);
            Stage stage = stages.get(version);
            if (pass && stage != Stage.PRODUCTION) {
                stages.put(version, Stage.STAGING);
                aliases.put("staging", version);
            } else if (!pass && stage == Stage.STAGING) {
                leave(version, Stage.DEVELOPMENT);
            }
            return true;
        }

        boolean promoted(long version) {
            if (stages.get(version) != Stage.STAGING) {
                return false;
            }
            Long before = aliases.get("production");
            if (before == null) {
                tenures.clear();
            } else {
                leave(before, Stage.ARCHIVED);
            }
            enter(version);
            tenures.push(version);
            return true;
        }

        boolean retired(long version) {
            if (stages.get(version) == Stage.ARCHIVED) {
                return false;
            }
            leave(version, Stage.ARCHIVED);
            return true;
        }

        boolean rolledBack() {
            Long current = aliases.get("production");
            if (current == null || tenures.size() < 2) {
                return false;
            }
            Long before = tenures.stream().skip(1).findFirst().orElseThrow();
            Stage stage = stages.get(before);
            if (stage == Stage.DEVELOPMENT) {
                return false;
            }
            leave(current, Stage.ARCHIVED);
            tenures.pop();
            enter(before);
            return true;
        }

        private void enter(long version) {
            leave(version, Stage.PRODUCTION);
            aliases.put("production", version);
        }

        private void leave(long version, Stage to) {
            aliases.values().removeIf(v -> v == version);
            stages.put(version, to);
        }
    }
}
