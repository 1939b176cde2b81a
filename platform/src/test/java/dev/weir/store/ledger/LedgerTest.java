package dev.weir.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.ProblemException;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.TestDatabases;
import dev.weir.store.meta.Transaction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class LedgerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Actor ANNA = Actor.person("anna");

    private final Ledger ledger = new Ledger(CLOCK, Ids.seeded(CLOCK, 1));

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private Event append(Transaction tx, String subject) {
        return ledger.append(tx, "default", ANNA, "run.started", subject, json("{}"));
    }

    private static EventReader reader(String name) {
        return new EventReader(name, CLOCK);
    }

    private static EventReader.Batch read(Database database, String name, int most) {
        return database.read(tx -> reader(name).read(tx, most));
    }

    private static List<String> subjects(List<Event> events) {
        return events.stream().map(Event::subject).toList();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void anEventComesBackAsItWasAppended(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            JsonNode payload = json("{\"b\":1.50,\"a\":[\"é\",null,true]}");
            Event appended =
                    database.write(
                            tx ->
                                    ledger.append(
                                            tx,
                                            "default",
                                            Actor.trigger("drift"),
                                            "run.started",
                                            "run:1",
                                            payload));
            List<Event> events =
                    database.read(tx -> ledger.events(tx, EventFilter.all("default"), 10));
            assertThat(events).hasSize(1);
            Event event = events.getFirst();
            assertThat(event.id()).isEqualTo(appended.id());
            assertThat(event.position()).isEqualTo(appended.position());
            assertThat(event.actor()).isEqualTo(Actor.trigger("drift"));
            assertThat(event.kind()).isEqualTo("run.started");
            assertThat(event.subject()).isEqualTo("run:1");
            assertThat(event.at()).isEqualTo(NOW);
            assertThat(event.payload().get("a").get(0).stringValue()).isEqualTo("é");
            assertThat(event.payloadDigest())
                    .isEqualTo(appended.payloadDigest())
                    .isEqualTo(Digest.ofText("{\"a\":[\"é\",null,true],\"b\":1.5}"));
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void anEventOfARolledBackChangeIsNone(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            assertThatThrownBy(
                            () ->
                                    database.writing(
                                            tx -> {
                                                append(tx, "run:1");
                                                throw new IllegalArgumentException("no");
                                            }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(read(database, "r", 10).events()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void filtersBySubjectAndKindAndPagesFromTheNewest(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            database.writing(
                    tx -> {
                        for (int i = 0; i < 6; i++) {
                            String kind = i % 2 == 0 ? "run.started" : "run.finished";
                            ledger.append(tx, "default", ANNA, kind, "run:" + i / 2, json("{}"));
                        }
                        ledger.append(tx, "other", ANNA, "run.started", "run:0", json("{}"));
                    });
            database.read(
                    tx -> {
                        EventFilter all = EventFilter.all("default");
                        List<Event> newest = ledger.events(tx, all, 4);
                        assertThat(subjects(newest))
                                .containsExactly("run:2", "run:2", "run:1", "run:1");
                        assertThat(subjects(ledger.events(tx, all.before(newest.getLast()), 4)))
                                .containsExactly("run:0", "run:0");
                        assertThat(ledger.events(tx, all.about("run:0"), 9)).hasSize(2);
                        assertThat(ledger.events(tx, all.ofKind("run.finished"), 9)).hasSize(3);
                        assertThat(ledger.events(tx, all.about("run:0").ofKind("run.started"), 9))
                                .hasSize(1);
                        return true;
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aCursorSurvivesReopeningAndReadersAreIndependent(Dialect dialect) {
        String url = TestDatabases.freshUrl(dialect);
        try (Database database = Database.open(url)) {
            database.writing(tx -> List.of("a", "b", "c").forEach(s -> append(tx, s)));
            EventReader.Batch batch = read(database, "one", 2);
            assertThat(subjects(batch.events())).containsExactly("a", "b");
            assertThat(subjects(read(database, "one", 2).events())).containsExactly("a", "b");
            database.writing(tx -> reader("one").advance(tx, batch));
        }
        try (Database database = Database.open(url)) {
            assertThat(subjects(read(database, "one", 9).events())).containsExactly("c");
            EventReader.Batch all = read(database, "two", 9);
            assertThat(subjects(all.events())).containsExactly("a", "b", "c");
            database.writing(tx -> reader("two").advance(tx, all.first(1)));
            assertThat(subjects(read(database, "two", 9).events())).containsExactly("b", "c");
            assertThat(subjects(read(database, "one", 9).events())).containsExactly("c");
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void anAdvanceIsRolledBackWithItsEffects(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            database.writing(tx -> append(tx, "a"));
            EventReader.Batch batch = read(database, "r", 9);
            assertThatThrownBy(
                            () ->
                                    database.writing(
                                            tx -> {
                                                reader("r").advance(tx, batch);
                                                throw new IllegalArgumentException("no");
                                            }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(read(database, "r", 9).events()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void twoProcessesOfOneReaderActOnceOnEachEvent(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            database.writing(tx -> List.of("a", "b").forEach(s -> append(tx, s)));
            EventReader.Batch first = read(database, "r", 1);
            EventReader.Batch second = read(database, "r", 2);
            database.writing(tx -> reader("r").advance(tx, first));
            assertThatThrownBy(() -> database.writing(tx -> reader("r").advance(tx, second)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("no longer at");
            assertThat(subjects(read(database, "r", 9).events())).containsExactly("b");
        }
    }

    /** On SQLite there is no such thing: who takes a number first commits first. */
    @ParameterizedTest
    @EnumSource(value = Dialect.class, names = "POSTGRESQL")
    void anEventThatTookItsNumberEarlyAndCommitsLateIsMet(Dialect dialect) throws Exception {
        try (Database database = TestDatabases.fresh(dialect);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch appended = new CountDownLatch(1);
            CountDownLatch mayCommit = new CountDownLatch(1);
            Future<?> late =
                    threads.submit(
                            () ->
                                    database.writing(
                                            tx -> {
                                                append(tx, "late");
                                                appended.countDown();
                                                await(mayCommit);
                                            }));
            await(appended);
            database.writing(tx -> append(tx, "early"));
            EventReader.Batch between = read(database, "r", 9);
            assertThat(between.events()).isEmpty();
            database.writing(tx -> reader("r").advance(tx, between));
            mayCommit.countDown();
            late.get(60, TimeUnit.SECONDS);
            assertThat(subjects(read(database, "r", 9).events())).containsExactly("late", "early");
        }
    }

    /** The transaction with the lower number appends last, and commits last. */
    @ParameterizedTest
    @EnumSource(value = Dialect.class, names = "POSTGRESQL")
    void transactionNumbersAndEventNumbersMayBeInverted(Dialect dialect) throws Exception {
        try (Database database = TestDatabases.fresh(dialect);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch numbered = new CountDownLatch(1);
            CountDownLatch mayAppend = new CountDownLatch(1);
            CountDownLatch appended = new CountDownLatch(1);
            CountDownLatch mayCommit = new CountDownLatch(1);
            Future<?> older =
                    threads.submit(
                            () ->
                                    database.writing(
                                            tx -> {
                                                tx.handle().execute("select pg_current_xact_id()");
                                                numbered.countDown();
                                                await(mayAppend);
                                                append(tx, "older");
                                                appended.countDown();
                                                await(mayCommit);
                                            }));
            await(numbered);
            database.writing(tx -> append(tx, "younger"));
            assertThat(read(database, "r", 9).events()).isEmpty();
            mayAppend.countDown();
            await(appended);
            assertThat(read(database, "r", 9).events()).isEmpty();
            mayCommit.countDown();
            older.get(60, TimeUnit.SECONDS);
            List<Event> events = read(database, "r", 9).events();
            assertThat(subjects(events)).containsExactly("older", "younger");
            assertThat(events.get(0).position().seq())
                    .isGreaterThan(events.get(1).position().seq());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aReaderBesideManyWritersMeetsEveryEventOnceAndInOrder(Dialect dialect) throws Exception {
        int writers = 6;
        int each = 15;
        try (Database database = TestDatabases.fresh(dialect);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger running = new AtomicInteger(writers);
            List<Future<?>> writing = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                String name = "w" + w;
                writing.add(
                        threads.submit(
                                () -> {
                                    SplittableRandom random = new SplittableRandom(name.hashCode());
                                    try {
                                        for (int i = 0; i < each; i++) {
                                            String subject = name + ":" + i;
                                            long pause = random.nextInt(3);
                                            database.writing(
                                                    tx -> {
                                                        append(tx, subject);
                                                        pause(pause);
                                                    });
                                        }
                                    } finally {
                                        running.decrementAndGet();
                                    }
                                }));
            }
            List<String> met = new ArrayList<>();
            boolean last = false;
            while (!last) {
                last = running.get() == 0;
                for (EventReader.Batch batch = read(database, "r", 7);
                        !batch.events().isEmpty();
                        batch = read(database, "r", 7)) {
                    EventReader.Batch one = batch;
                    database.writing(tx -> reader("r").advance(tx, one));
                    met.addAll(subjects(one.events()));
                }
            }
            for (Future<?> one : writing) {
                one.get(60, TimeUnit.SECONDS);
            }
            assertThat(met).hasSize(writers * each).doesNotHaveDuplicates();
            for (int w = 0; w < writers; w++) {
                String prefix = "w" + w + ":";
                assertThat(met.stream().filter(s -> s.startsWith(prefix)))
                        .isSortedAccordingTo(
                                (a, b) ->
                                        Integer.compare(
                                                Integer.parseInt(a.substring(3)),
                                                Integer.parseInt(b.substring(3))));
            }
        }
    }

    /** Lets transactions overlap; nothing waits for it. */
    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anActorIsWrittenAsKindAndName() {
        Map.of(
                        "person:anna", Actor.person("anna"),
                        "service:ci", Actor.service("ci"),
                        "trigger:schedule", Actor.trigger("schedule"),
                        "person:a:b", Actor.person("a:b"))
                .forEach(
                        (text, actor) -> {
                            assertThat(actor).hasToString(text);
                            assertThat(Actor.parse(text)).isEqualTo(actor);
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"anna", "robot:x", "person:", ":x", ""})
    void whatIsNoActorIsRefused(String text) {
        assertThatThrownBy(() -> Actor.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
