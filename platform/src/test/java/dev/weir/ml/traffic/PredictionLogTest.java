package dev.weir.ml.traffic;

import static dev.weir.ml.traffic.TrafficExample.MODEL;
import static dev.weir.ml.traffic.TrafficExample.PRIMARY;
import static dev.weir.ml.traffic.TrafficExample.SHADOW;
import static dev.weir.ml.traffic.TrafficExample.START;
import static dev.weir.ml.traffic.TrafficExample.THREADS;
import static dev.weir.ml.traffic.TrafficExample.entry;
import static dev.weir.ml.traffic.TrafficExample.micros;
import static dev.weir.ml.traffic.TrafficExample.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.data.log.DayLoss;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.ml.traffic.TrafficExample.SetClock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class PredictionLogTest {
    private static final Window HOUR = Window.around(START, Duration.ofHours(1));
    private static final LogLimits SMALL =
            new LogLimits(1 << 16, 64L << 20, Duration.ofHours(1), Duration.ofMillis(500));

    @TempDir Path home;

    private final SetClock clock = new SetClock();
    private Traffic traffic;
    private PredictionIds ids;

    @BeforeEach
    void open() {
        traffic = new Traffic(home, "default", TrafficExample.duckDb(home), clock);
        ids = new PredictionIds(clock, 42);
    }

    private List<String> window(String columns) {
        return window(Selection.all(), columns);
    }

    private List<String> window(Selection selection, String columns) {
        Path out = home.resolve("window.parquet");
        traffic.windows("income").write(HOUR, selection, out);
        return rows(out, columns);
    }

    @Test
    void readsBackWhatWasOfferedWhereverItLies() throws Exception {
        String first = ids.next();
        String all =
                "_id,_time,_variant,_version,_model,_threshold,_propensity,_latency_ns,_rate,"
                        + "_error,_decision,_score,age,work,_outcome";
        String expected =
                first
                        + "|2026-11-25 10:00:01|primary|3|"
                        + MODEL.hex()
                        + "|0.5|1.0|1500|1.0|-|>50K|0.75|39.0|state|-";
        try (PredictionLog log = traffic.log("income", LogPolicy.usual(), THREADS)) {
            assertThat(
                            log.offer(
                                    entry(
                                            first,
                                            START.plusSeconds(1),
                                            PRIMARY,
                                            null,
                                            39,
                                            "state",
                                            0.75f)))
                    .isTrue();
            log.flush();
            assertThat(window(all)).containsExactly(expected);
            Traffic other = new Traffic(home, "default", TrafficExample.duckDb(home), clock);
            other.upkeep("income", Duration.ofDays(90)); // takes nothing that is being written
            assertThat(window(all)).containsExactly(expected);
        }
        assertThat(window(all)).containsExactly(expected);
        traffic.upkeep("income", Duration.ofDays(90));
        assertThat(window(all)).containsExactly(expected);
        assertThat(files(".parquet")).anyMatch(f -> f.contains("day=2026-11-25"));
        assertThat(files(".log")).isEmpty();
    }

    @Test
    void namesTheRowsOfABatchAndKeepsWhatIsMissing() {
        try (PredictionLog log = traffic.log("income", LogPolicy.usual(), THREADS)) {
            log.offer(
                    new Entry(
                            "ID",
                            micros(START),
                            PRIMARY,
                            null,
                            0.25,
                            List.of(
                                    new Columns.Numbers(new double[] {20, Double.NaN}),
                                    new Columns.Texts(new @Nullable String[] {"", "gräu✓😀"})),
                            new float[] {0.1f, 0.5f},
                            7,
                            null));
            log.offer(
                    new Entry(
                            "E",
                            micros(START),
                            PRIMARY,
                            null,
                            1,
                            List.of(
                                    new Columns.Numbers(new double[] {1}),
                                    new Columns.Texts(new @Nullable String[] {null})),
                            new float[0],
                            7,
                            "model.failed"));
        }
        assertThat(window("_id,age,work,_score,_decision,_error"))
                .containsExactly(
                        "E|1.0|-|-|-|model.failed",
                        "ID.0|20.0|-|0.1|<=50K|-",
                        "ID.1|-|gräu✓😀|0.5|>50K|-");
        assertThat(window(Selection.answered(), "_id")).containsExactly("ID.0", "ID.1");
    }

    @Test
    void whatIsHiddenNeverMeetsTheDisk() throws Exception {
        LogPolicy hiding =
                new LogPolicy(Set.of("work"), Set.of("age"), 1, Duration.ofDays(1), null);
        try (PredictionLog log = traffic.log("income", hiding, THREADS)) {
            log.offer(entry("A", START, PRIMARY, "anna-secret", 77.125, "hidden-work", 0.5f));
            log.offer(entry("B", START, PRIMARY, "anna-secret", 77.125, "hidden-work", 0.5f));
            log.offer(entry("C", START, PRIMARY, "bert-secret", 12.5, "hidden-work", 0.5f));
            log.flush();
            assertThat(everyByte()).doesNotContain("secret").doesNotContain("hidden");
        }
        traffic.upkeep("income", Duration.ofDays(1));
        assertThat(everyByte()).doesNotContain("secret").doesNotContain("hidden");
        List<String> seen = window("age,_key,_assignment");
        assertThat(seen.get(0)).isEqualTo(seen.get(1)).isNotEqualTo(seen.get(2));
        assertThat(seen.get(0)).matches("[0-9a-f]{32}\\|[0-9a-f]{32}\\|[0-9a-f]{32}");
    }

    @Test
    void aKeyCanBeAnInput() {
        LogPolicy byAge = new LogPolicy(Set.of(), Set.of(), 1, Duration.ofDays(1), "age");
        try (PredictionLog log = traffic.log("income", byAge, THREADS)) {
            log.offer(entry("A", START, PRIMARY, "split", 40, "state", 0.5f));
        }
        traffic.outcomes("income").add(List.of(Outcome.of("40", START, ">50K")));
        assertThat(window("_id,_outcome")).containsExactly("A|>50K");
        assertThat(window("age").getFirst()).hasSize(32);
    }

    @Test
    void aSampleHasARequestWithAllItsVariantsAndSaysItsRate() throws Exception {
        LogPolicy third = new LogPolicy(Set.of(), Set.of(), 0.3, Duration.ofDays(1), null);
        LogHealth health;
        try (PredictionLog log = traffic.log("income", third, THREADS)) {
            for (int i = 0; i < 2_000; i++) {
                String id = ids.next();
                log.offer(entry(id, START, PRIMARY, null, i, "state", 0.5f));
                log.offer(entry(id, START, SHADOW, null, i, "state", 0.5f));
            }
            log.flush();
            health = log.health();
        }
        List<String> primary = window(Selection.of("primary"), "_id,_rate");
        assertThat(primary).hasSizeBetween(500, 700).allMatch(row -> row.endsWith("|0.3"));
        assertThat(window(Selection.of("shadow"), "_id,_rate")).isEqualTo(primary);
        assertThat(health.sampledOut()).isEqualTo(4_000 - 2L * primary.size());
        assertThat(health.dropped()).isZero();
    }

    @Test
    void everyRowIsWrittenOrCountedAsDropped() throws Exception {
        int threads = 4;
        int each = 20_000;
        LogHealth health;
        try (PredictionLog log = traffic.log("income", LogPolicy.usual(), SMALL, THREADS)) {
            List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int number = t;
                writers.add(
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            for (int i = 0; i < each; i++) {
                                                log.offer(
                                                        entry(
                                                                number + "-" + i,
                                                                START,
                                                                PRIMARY,
                                                                null,
                                                                number * 1e6 + i,
                                                                "w" + i,
                                                                0.5f));
                                            }
                                        }));
            }
            for (Thread writer : writers) {
                writer.join();
            }
            log.offer(entry("last", START, PRIMARY, null, -1, "x".repeat(1 << 16), 0.5f));
            log.flush();
            health = log.health();
        }
        assertThat(health.tooLarge()).isEqualTo(1);
        assertThat(health.failed()).isZero();
        assertThat(health.written() + health.dropped()).isEqualTo((long) threads * each + 1);
        List<String> written = window("_id,age,work");
        assertThat(written).hasSize((int) health.written()).doesNotHaveDuplicates();
        assertThat(written)
                .allSatisfy(
                        row -> {
                            String[] parts = row.split("[|-]");
                            double age = Integer.parseInt(parts[0]) * 1e6;
                            assertThat(Double.parseDouble(parts[2]))
                                    .isEqualTo(age + Integer.parseInt(parts[1]));
                            assertThat(parts[3]).isEqualTo("w" + parts[1]);
                        });
        assertThat(traffic.losses("income").stream().mapToLong(DayLoss::rows).sum())
                .isEqualTo(health.dropped());
    }

    @Test
    void aClockThatJumpsBackLosesNothing() throws Exception {
        List<String> given = new ArrayList<>();
        try (PredictionLog log = traffic.log("income", LogPolicy.usual(), THREADS)) {
            for (int i = 0; i < 100; i++) {
                clock.set(START.plusSeconds(i % 10 * 60L).minusSeconds(i));
                given.add(ids.next());
                log.offer(entry(given.getLast(), clock.instant(), PRIMARY, null, i, null, 0.5f));
            }
        }
        try (PredictionLog again = traffic.log("income", LogPolicy.usual(), THREADS)) {
            again.flush();
        }
        Path out = home.resolve("window.parquet");
        Window day = Window.around(START, Duration.ofDays(1));
        traffic.windows("income").write(day, Selection.all(), out);
        assertThat(rows(out, "_id")).containsExactlyInAnyOrderElementsOf(given);
        assertThat(given).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void versionsWithOtherInputsStandInOneTable() {
        Origin wider =
                Origin.of(
                        "canary",
                        5,
                        MODEL,
                        Signature.regression(
                                "income",
                                List.of(
                                        new Input.Number("hours", 0, 99),
                                        new Input.Text("age"),
                                        new Input.Number("_TIME", 0, 1))));
        try (PredictionLog log = traffic.log("income", LogPolicy.usual(), THREADS)) {
            log.offer(entry("A", START, PRIMARY, null, 40, "state", 0.5f));
            log.offer(
                    new Entry(
                            "B",
                            micros(START),
                            wider,
                            null,
                            1,
                            List.of(
                                    new Columns.Numbers(new double[] {8}),
                                    new Columns.Texts(new @Nullable String[] {"old"}),
                                    new Columns.Numbers(new double[] {5})),
                            new float[] {3},
                            1,
                            null));
        }
        assertThat(window("_id,age,work,hours,_time_,_score"))
                .containsExactly("A|40.0|state|-|-|0.5", "B|old|-|8.0|5.0|3.0");
    }

    @Test
    void foldersAreNamedForEndpointsWithoutSurprises() {
        for (String name : List.of("income", "a/b", "..", ".hidden", "ä ö", "100%", "A:b|c")) {
            String safe = Traffic.safe(name);
            assertThat(safe).matches("[A-Za-z0-9_%-][A-Za-z0-9._%-]*").doesNotContain("/");
            assertThat(Traffic.spelled(safe)).isEqualTo(name);
        }
    }

    private List<String> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("traffic"))) {
            return files.map(Path::toString).filter(name -> name.endsWith(ending)).toList();
        }
    }

    private String everyByte() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(home.resolve("traffic"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
