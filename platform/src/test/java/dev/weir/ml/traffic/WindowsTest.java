package dev.weir.ml.traffic;

import static dev.weir.ml.traffic.TrafficExample.PRIMARY;
import static dev.weir.ml.traffic.TrafficExample.SHADOW;
import static dev.weir.ml.traffic.TrafficExample.START;
import static dev.weir.ml.traffic.TrafficExample.THREADS;
import static dev.weir.ml.traffic.TrafficExample.entry;
import static dev.weir.ml.traffic.TrafficExample.micros;
import static dev.weir.ml.traffic.TrafficExample.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.traffic.TrafficExample.SetClock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

class WindowsTest {
    @TempDir Path home;

    private final SetClock clock = new SetClock();

    /** A row as the naive model has it. */
    private record Said(String id, Instant at, String role, String key) {}

    /** An outcome as the naive model has it, in the order of arrival. */
    private record Heard(@Nullable String id, @Nullable String key, Instant at, String value) {}

    @Test
    void joinsAsANaiveModelDoes() throws Exception {
        for (long seed = 1; seed <= (Boolean.getBoolean("weir.test.full") ? 40 : 4); seed++) {
            compare(seed);
        }
    }

    private void compare(long seed) throws Exception {
        Random random = new Random(seed);
        String endpoint = "e" + seed;
        List<Said> said = new ArrayList<>();
        List<Heard> heard = new ArrayList<>();
        Traffic traffic = new Traffic(home, "default", TrafficExample.duckDb(home), clock);
        Traffic other = new Traffic(home, "default", TrafficExample.duckDb(home), clock);
        PredictionLog log = traffic.log(endpoint, LogPolicy.usual(), THREADS);
        Duration lookBack = Duration.ofMinutes(30);
        said.add(new Said("id0", START, "primary", "k0"));
        log.offer(entry("id0", START, PRIMARY, "k0", 1, "state", 0.7f));
        log.flush();
        for (int step = 0; step < 120; step++) {
            Instant at = START.plusSeconds(random.nextInt(4 * 3600)).plusNanos(step * 1000L);
            clock.set(at);
            String key = "k" + random.nextInt(8);
            switch (random.nextInt(9)) {
                case 0 -> {
                    log.close();
                    log = traffic.log(endpoint, LogPolicy.usual(), THREADS);
                }
                case 1 -> traffic.upkeep(endpoint, Duration.ofDays(400));
                case 2, 3 -> {
                    String value = random.nextBoolean() ? ">50K" : "<=50K";
                    String id = "id" + random.nextInt(said.size() + 4);
                    (random.nextBoolean() ? traffic : other)
                            .outcomes(endpoint)
                            .add(remembered(heard, new Heard(id, null, at, value), lookBack));
                }
                case 4 -> {
                    String value = random.nextBoolean() ? ">50K" : "<=50K";
                    traffic.outcomes(endpoint)
                            .add(remembered(heard, new Heard(null, key, at, value), lookBack));
                }
                default -> {
                    String id = "id" + said.size();
                    said.add(new Said(id, at, "primary", key));
                    log.offer(entry(id, at, PRIMARY, key, 1, "state", 0.7f));
                    if (random.nextInt(3) == 0) {
                        said.add(new Said(id, at, "shadow", key));
                        log.offer(entry(id, at, SHADOW, key, 1, "state", 0.2f));
                    }
                    log.flush();
                }
            }
        }
        Instant from = START.plusSeconds(random.nextInt(7200));
        Window window = new Window(from, from.plusSeconds(1 + random.nextInt(7200)));
        Path out = home.resolve("joined.parquet");
        WindowTable table = traffic.windows(endpoint).write(window, Selection.all(), out);
        List<String> expected = new ArrayList<>();
        for (Said row : said) {
            if (!row.at().isBefore(window.from()) && row.at().isBefore(window.to())) {
                expected.add(row.id() + "|" + row.role() + "|" + known(row, said, heard, lookBack));
            }
        }
        assertThat(rows(out, "_id,_variant,_outcome,_outcomes"))
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(table.rows()).isEqualTo(expected.size());
        byCount(seed, traffic.windows(endpoint), said, random);
        log.close();
        traffic.close();
        other.close();
    }

    private static List<Outcome> remembered(List<Heard> heard, Heard one, Duration lookBack) {
        heard.add(one);
        return List.of(
                new Outcome(
                        one.id(),
                        one.key(),
                        one.id() == null ? one.at() : null,
                        lookBack,
                        one.value()));
    }

    private static String known(Said row, List<Said> said, List<Heard> heard, Duration lookBack) {
        String value = "-";
        int count = 0;
        for (Heard one : heard) {
            String about = one.id() != null ? one.id() : nearest(one, said, lookBack);
            if (row.id().equals(about)) {
                value = one.value();
                count++;
            }
        }
        return value + "|" + count;
    }

    private static @Nullable String nearest(Heard one, List<Said> said, Duration lookBack) {
        return said.stream()
                .filter(row -> row.key().equals(one.key()))
                .filter(row -> !row.at().isAfter(one.at()))
                .filter(row -> !row.at().plus(lookBack).isBefore(one.at()))
                .max(Comparator.comparing(Said::at))
                .map(Said::id)
                .orElse(null);
    }

    private static void byCount(long seed, Windows windows, List<Said> said, Random random) {
        int each = 1 + random.nextInt(10);
        List<Instant> times =
                said.stream()
                        .filter(row -> row.role().equals("primary"))
                        .map(Said::at)
                        .sorted()
                        .toList();
        List<Window> found = windows.byCount(each, Selection.of("primary"), START);
        assertThat(found).as("seed %d", seed).hasSize(times.size() / each);
        Instant from = START;
        for (int w = 0; w < found.size(); w++) {
            Window window = found.get(w);
            assertThat(window.from()).isEqualTo(from);
            assertThat(micros(window.to())).isEqualTo(micros(times.get((w + 1) * each - 1)) + 1);
            from = window.to();
        }
    }

    @Test
    void alignedWindowsAreTheSameForAll() {
        Duration hour = Duration.ofHours(1);
        Instant now = START.plus(Duration.ofMinutes(150));
        assertThat(Window.aligned(hour, START.plusSeconds(1), now))
                .containsExactly(new Window(START.plus(hour), START.plus(hour.multipliedBy(2))));
        assertThat(Window.aligned(hour, START, now)).hasSize(2);
        assertThat(Window.aligned(hour, now, START)).isEmpty();
        Set<Window> around = new TreeSet<>(Comparator.comparing(Window::from));
        for (Instant at : List.of(START, START.plusSeconds(3599), Instant.EPOCH.minusMillis(1))) {
            around.add(Window.around(at, hour));
        }
        assertThat(around)
                .containsExactly(
                        new Window(Instant.EPOCH.minus(hour), Instant.EPOCH),
                        new Window(START, START.plus(hour)));
    }

    @Test
    void countsRowsByDayAndVariant() {
        Traffic traffic = new Traffic(home, "default", TrafficExample.duckDb(home), clock);
        Map<String, Integer> rows = new HashMap<>();
        try (PredictionLog log = traffic.log("income", LogPolicy.usual(), THREADS)) {
            for (int i = 0; i < 30; i++) {
                Instant at = START.plus(Duration.ofHours(i));
                log.offer(entry("id" + i, at, PRIMARY, null, 1, null, 0.1f));
                rows.merge(at.toString().substring(0, 10), 1, Integer::sum);
            }
            log.offer(entry("id3", START, SHADOW, null, 1, null, 0.1f));
        }
        traffic.outcomes("income").add(List.of(Outcome.of("id3", ">50K")));
        assertThat(traffic.windows("income").days())
                .extracting(
                        day -> day.day() + " " + day.role() + " " + day.rows() + " " + day.known())
                .containsExactly(
                        "2026-11-25 primary " + rows.get("2026-11-25") + " 1",
                        "2026-11-25 shadow 1 1",
                        "2026-11-26 primary " + rows.get("2026-11-26") + " 0");
        assertThat(traffic.endpoints()).containsExactly("income");
        traffic.close();
    }
}
