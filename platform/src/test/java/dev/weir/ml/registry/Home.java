package dev.weir.ml.registry;

import dev.weir.base.digest.Digest;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.gate.Observed;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.gate.Verdicts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Event;
import dev.weir.store.ledger.EventFilter;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A database with the registry on it, for tests; one second passes at each look at the clock. */
final class Home implements AutoCloseable {
    static final Actor ANNA = Actor.person("anna");
    static final Digest EVIDENCE = Digest.ofText("evidence");
    static final GateReport PASSED = report(Verdict.PASS, "0.93");
    static final GateReport FAILED = report(Verdict.FAIL, "0.87");

    /** No two homes give the same ids: they may share a database. */
    private static final AtomicLong HOMES = new AtomicLong();

    private final AtomicLong seconds = new AtomicLong(1_700_000_000);
    final Clock clock = clock(seconds);
    final Database database;
    final Ids ids = Ids.seeded(clock, HOMES.incrementAndGet());
    final Ledger ledger = new Ledger(clock, ids);
    final Verdicts verdicts = new Verdicts("default", ledger, clock, ids);
    final Registry registry = new Registry("default", ledger, verdicts, clock, ids);
    final Promotions promotions = new Promotions("default", registry, verdicts, ledger, clock, ids);

    Home(Database database) {
        this.database = database;
    }

    private static Clock clock(AtomicLong seconds) {
        InstantSource ticking = () -> Instant.ofEpochSecond(seconds.incrementAndGet());
        return ticking.withZone(ZoneOffset.UTC);
    }

    static GateReport report(Verdict verdict, String value) {
        return new GateReport(
                List.of(
                        new Ruling(
                                "validate.roc_auc.min",
                                Severity.ERROR,
                                verdict,
                                new Observed.Words(value),
                                ">= 0.9",
                                "roc_auc is " + value + ".",
                                null)));
    }

    /** A candidate whose six links and content are made from {@code seed}. */
    static NewVersion candidate(String model, int seed) {
        Recipe recipe = Recipe.unknown();
        for (Link link : Link.values()) {
            recipe = recipe.with(link, link("v", link.word() + seed));
        }
        ObjectNode signature = JsonNodeFactory.instance.objectNode();
        signature.putArray("inputs").add("age");
        signature.putArray("outputs").add("p");
        return new NewVersion(
                model,
                Digest.ofText("model" + seed),
                recipe,
                "run" + seed,
                "",
                "",
                Map.of("roc_auc", 0.9, "r2", Double.NaN),
                signature);
    }

    static ObjectNode link(String key, String value) {
        return JsonNodeFactory.instance.objectNode().put(key, value);
    }

    <T> T write(Function<Transaction, T> work) {
        return database.write(work);
    }

    <T> T read(Function<Transaction, T> work) {
        return database.read(work);
    }

    ModelVersion register(String model, int seed) {
        return write(tx -> registry.register(tx, ANNA, candidate(model, seed))).version();
    }

    ModelVersion judged(String ref, GateReport report) {
        return write(
                tx -> registry.judged(tx, ANNA, VersionRef.parse(ref), "run", report, EVIDENCE));
    }

    Promotion promote(String ref, Stage target) {
        RequestedPromotion asked =
                write(
                        tx ->
                                promotions.promote(
                                        tx,
                                        ANNA,
                                        PromotionRequest.to(VersionRef.parse(ref), target)));
        return Optional.ofNullable(asked.done()).orElseThrow();
    }

    Promotion rollback(String model) {
        return write(tx -> promotions.rollback(tx, ANNA, RollbackRequest.of(model)));
    }

    ModelVersion version(String ref) {
        return read(tx -> registry.version(tx, VersionRef.parse(ref)));
    }

    Stage stage(String ref) {
        return version(ref).stage();
    }

    Map<String, Long> aliases(String model) {
        return read(tx -> registry.model(tx, model)).aliases();
    }

    List<Event> events() {
        List<Event> events = read(tx -> ledger.events(tx, EventFilter.all("default"), 1000));
        return events.reversed();
    }

    @Override
    public void close() {
        database.close();
    }
}
