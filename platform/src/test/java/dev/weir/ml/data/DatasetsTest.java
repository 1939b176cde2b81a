package dev.weir.ml.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.gate.Judgement;
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
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.json.JsonMapper;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

@ParameterizedClass
@EnumSource(Dialect.class)
class DatasetsTest {
    private static final Actor ANNA = Actor.person("anna");
    private static final Digest EVIDENCE = Digest.ofText("evidence");

    private final Database database;
    private final Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    private final Ids ids = Ids.seeded(clock, 3);
    private final Ledger ledger = new Ledger(clock, ids);
    private final Verdicts verdicts = new Verdicts("default", ledger, clock, ids);
    private final Datasets datasets = new Datasets("default", ledger, verdicts, clock);

    DatasetsTest(Dialect dialect) {
        database = TestDatabases.fresh(dialect);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theSameContentIsTheSameVersion() {
        DatasetVersion first = register("adult", "a").version();
        DatasetRegistration again = register("adult", "a");
        assertThat(again).isEqualTo(new DatasetRegistration(first, false));
        assertThat(register("adult", "b").version().number()).isEqualTo(2);
        assertThat(register("other", "a").version().number()).isEqualTo(1);
        List<DatasetVersion> ofContent =
                database.read(tx -> datasets.ofDigest(tx, Digest.ofText("a")));
        assertThat(ofContent).extracting(DatasetVersion::ref).containsExactly("adult:1", "other:1");
        assertThat(events())
                .extracting(Event::kind, Event::subject)
                .containsExactly(
                        tuple("dataset.registered", "dataset:adult:1"),
                        tuple("dataset.registered", "dataset:adult:2"),
                        tuple("dataset.registered", "dataset:other:1"));
        assertThat(first.link().toString())
                .isEqualTo(
                        "{\"dataset\":\"adult\",\"version\":1,\"digest\":\""
                                + Digest.ofText("a")
                                + "\",\"rows\":10,\"source\":\"data/adult.csv\"}");
    }

    @Test
    void theAcceptedVersionIsTheLastWhoseGatesPassed() {
        DatasetVersion first = register("adult", "a").version();
        DatasetVersion second = register("adult", "b").version();
        assertThat(accepted()).isEmpty();
        judged(first, Verdict.WARN);
        judged(first, Verdict.PASS);
        judged(second, Verdict.FAIL);
        assertThat(accepted()).hasValue(first);
        judged(second, Verdict.PASS);
        assertThat(accepted()).hasValue(second);
        judged(first, Verdict.PASS);
        assertThat(accepted()).hasValue(first);
        assertThat(events())
                .extracting(Event::kind, Event::subject)
                .endsWith(
                        tuple("dataset.accepted", "dataset:adult:1"),
                        tuple("gate.failed", "dataset:adult:2"),
                        tuple("dataset.accepted", "dataset:adult:2"),
                        tuple("dataset.accepted", "dataset:adult:1"));
        List<Dataset> all = database.read(tx -> datasets.datasets(tx));
        assertThat(all).containsExactly(new Dataset("adult", 2, 1L, clock.instant()));
    }

    /** Rows of names could stand in a ruling; the ledger cannot be erased. */
    @Test
    void everyVerdictIsKeptAndWordsFromTheDataStayOutOfTheLedger() {
        DatasetVersion version = register("adult", "a").version();
        Ruling words = ruling(Verdict.FAIL, new Observed.Words("Anna Smith"));
        Ruling figure = ruling(Verdict.ERROR, new Observed.Figure(2.5, "%")).hint("Look there.");
        Ruling nothing = ruling(Verdict.SKIPPED, new Observed.Nothing());
        GateReport report = new GateReport(List.of(words, figure, nothing));
        Judgement judgement =
                database.write(tx -> datasets.judged(tx, ANNA, version, "run1", report, EVIDENCE));
        List<Judgement> ofRun = database.read(tx -> verdicts.ofRun(tx, "run1"));
        assertThat(ofRun).containsExactly(judgement);
        assertThat(ofRun.getFirst().report()).isEqualTo(report);
        List<Event> failed =
                events().stream().filter(event -> event.kind().equals("gate.failed")).toList();
        assertThat(failed).hasSize(2);
        assertThat(failed.toString()).doesNotContain("Smith");
        assertThat(failed.getLast().payload().get("value").doubleValue()).isEqualTo(2.5);
    }

    @Test
    void namesTheNearestWhereADatasetIsUnknown() {
        register("adult", "a");
        assertThatThrownBy(() -> database.read(tx -> datasets.versions(tx, "adlut")))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e ->
                                assertThat(e.problems().getFirst().hint())
                                        .isEqualTo("Did you mean adult?"));
        assertThatThrownBy(() -> database.read(tx -> datasets.version(tx, "adult", 4)))
                .hasMessage("dataset version: adult:4 (expected: 1 to 1)");
        assertThatThrownBy(() -> register("a:b", "a")).hasMessageContaining("none of / : @");
    }

    private DatasetRegistration register(String name, String content) {
        DatasetCandidate candidate =
                new DatasetCandidate(
                        name,
                        Digest.ofText(content),
                        JsonMapper.shared().readTree("{\"columns\":[{\"age\":\"integer\"}]}"),
                        Digest.ofText("profile"),
                        Digest.ofText("baseline"),
                        10,
                        "data/adult.csv",
                        "run1");
        return database.write(tx -> datasets.register(tx, ANNA, candidate));
    }

    private void judged(DatasetVersion version, Verdict verdict) {
        GateReport report =
                new GateReport(List.of(ruling(verdict, new Observed.Figure(3, "rows"))));
        database.writing(tx -> datasets.judged(tx, ANNA, version, "run", report, EVIDENCE));
    }

    private static Ruling ruling(Verdict verdict, Observed value) {
        return new Ruling(
                "ingest.age.min", Severity.ERROR, verdict, value, ">= 0", "It is so.", null);
    }

    private Optional<DatasetVersion> accepted() {
        return database.read(tx -> datasets.accepted(tx, "adult"));
    }

    private List<Event> events() {
        List<Event> newest =
                database.read(tx -> ledger.events(tx, EventFilter.all("default"), 100));
        return newest.reversed();
    }
}
