package dev.weir.ml.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.ProblemException;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.Intake;
import dev.weir.store.meta.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

class MetricIntakeTest {
    private static final String RUN = "a".repeat(32);
    private static final Tracking TRACKING = new Tracking("default", Clock.systemUTC());

    private final String url = TestDatabases.freshUrl(Dialect.SQLITE);
    private final Path file = Path.of(url.substring("jdbc:sqlite:".length()) + ".intake");
    private Database database = Database.open(url, MetricIntake::carry);
    private MetricIntake metrics = owned(database);

    private static MetricIntake owned(Database database) {
        Intake intake = database.intake().orElseThrow();
        assertThat(intake.own()).isTrue();
        return new MetricIntake("default", TRACKING, intake);
    }

    @BeforeEach
    void run() {
        start(RUN);
    }

    private void start(String run) {
        database.writing(tx -> TRACKING.start(tx, NewRun.of(run, "0", "one", "anna")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static KeyedBatch batch(String key, MetricPoint... points) {
        Points packed = new Points();
        List.of(points).forEach(packed::add);
        return new KeyedBatch(Map.of(), Map.of(key, packed), Map.of());
    }

    private static MetricPoint at(long step) {
        return new MetricPoint(step / 2.0, step, step);
    }

    private boolean logged(long step) {
        return metrics.logged(RUN, batch("loss", at(step)));
    }

    private static List<Long> steps(Database database, String run) {
        return database.read(tx -> TRACKING.history(tx, run, "loss")).stream()
                .map(MetricPoint::step)
                .toList();
    }

    private static List<Long> to(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void whoeverReadsNextSeesWhatWasLogged() {
        assertThat(logged(1)).isTrue();
        try (Database other = Database.open(url, MetricIntake::carry)) {
            assertThat(logged(2)).isTrue();
            assertThat(steps(other, RUN)).containsExactly(1L, 2L);
            assertThat(logged(3)).isTrue();
            assertThat(steps(other, RUN)).containsExactly(1L, 2L, 3L);
            assertThat(steps(database, RUN)).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void whatIsWrittenLaterStandsBehindIt() {
        logged(1);
        database.writing(
                tx -> TRACKING.log(tx, RUN, Batch.ofMetrics(List.of(new Metric("loss", at(2))))));
        logged(3);
        assertThat(steps(database, RUN)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatFailsTakesNothingOfItBack() {
        logged(1);
        assertThatThrownBy(
                        () ->
                                database.writing(
                                        tx -> {
                                            throw new IllegalArgumentException("no");
                                        }))
                .hasMessageContaining("no");
        assertThat(steps(database, RUN)).containsExactly(1L);
    }

    /** The file as it is when a process ends between the commit and the note that it was made. */
    @Test
    void anEntryGetsIntoTheTablesOnce() throws IOException {
        LongStream.rangeClosed(1, 20).forEach(this::logged);
        byte[] full = Files.readAllBytes(file);
        Arrays.fill(full, 32, 40, (byte) 0); // another process than this one
        assertThat(steps(database, RUN)).hasSize(20);
        database.close();
        Files.write(file, full);
        database = Database.open(url, MetricIntake::carry);
        assertThat(steps(database, RUN)).isEqualTo(to(20));
        metrics = owned(database);
        LongStream.rangeClosed(21, 30).forEach(this::logged);
        assertThat(steps(database, RUN)).isEqualTo(to(30));
    }

    /** A power cut may leave any part of what was being written, and the shared page as it was. */
    @Test
    void ofATornEndAllThatIsWholeCounts() throws IOException {
        byte[] empty = Files.readAllBytes(file);
        LongStream.rangeClosed(1, 10).forEach(this::logged);
        byte[] full = Files.readAllBytes(file);
        int end = 4096;
        for (int i = 0; i < 10; i++) {
            end += 16 + ByteBuffer.wrap(full).getInt(end);
        }
        database.close();
        int last = end;
        Random random = new Random(7);
        for (int cut = 0; cut < 20; cut++) {
            byte[] torn = full.clone();
            System.arraycopy(empty, 0, torn, 0, 4096);
            int from = last - 1 - random.nextInt(60);
            for (int i = from; i < last; i++) {
                torn[i] = (byte) ~torn[i];
            }
            Path copy = Path.of(TestDatabases.freshUrl(Dialect.SQLITE).substring(12));
            try (Database first = Database.open("jdbc:sqlite:" + copy)) {
                first.writing(tx -> TRACKING.start(tx, NewRun.of(RUN, "0", "one", "anna")));
            }
            Files.write(copy.resolveSibling(copy.getFileName() + ".intake"), torn);
            try (Database again = Database.open("jdbc:sqlite:" + copy, MetricIntake::carry)) {
                assertThat(steps(again, RUN)).as("torn from %d", last - from).isEqualTo(to(9));
            }
        }
    }

    @Test
    void aRunThatIsNotThereAnyMoreTakesNothing() {
        assertThat(logged(1)).isTrue();
        String other = "b".repeat(32);
        start(other);
        try (Database cli = Database.open(url, MetricIntake::carry)) {
            cli.writing(tx -> TRACKING.delete(tx, RUN));
        }
        assertThatThrownBy(() -> logged(2)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> metrics.logged("unknown", batch("loss", at(1))))
                .hasMessageContaining("unknown");
        assertThatThrownBy(() -> metrics.logged(other, batch("a//b", at(1))))
                .isInstanceOf(ProblemException.class);
        assertThat(steps(database, RUN)).containsExactly(1L);
    }

    @Test
    void oneProcessOwnsTheFileAndOthersWriteToTheTables() {
        try (Database other = Database.open(url, MetricIntake::carry)) {
            Intake intake = other.intake().orElseThrow();
            assertThat(intake.own()).isFalse();
            assertThat(
                            new MetricIntake("default", TRACKING, intake)
                                    .logged(RUN, batch("loss", at(1))))
                    .isFalse();
        }
        assertThat(logged(1)).isTrue();
    }

    /** More than the file holds, in any order, beside runs, keys and points that come twice. */
    @Test
    void manyWritersAreAsInTheTables() throws Exception {
        long seed = 20261125;
        List<String> runs = List.of(RUN, "b".repeat(32), "c".repeat(32), "d".repeat(32));
        runs.stream().skip(1).forEach(this::start);
        Map<String, Map<String, List<MetricPoint>>> expected = new TreeMap<>();
        List<Thread> threads = new ArrayList<>();
        for (String run : runs) {
            Random random = new Random(seed + run.charAt(0));
            Map<String, List<MetricPoint>> ofRun = new TreeMap<>();
            expected.put(run, ofRun);
            threads.add(Thread.ofPlatform().start(() -> logAndRead(run, random, ofRun)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        expected.forEach(
                (run, keys) -> {
                    Run found = database.read(tx -> TRACKING.run(tx, run));
                    keys.forEach(
                            (key, points) -> {
                                List<MetricPoint> history =
                                        database.read(tx -> TRACKING.history(tx, run, key));
                                assertThat(history)
                                        .as("seed %d %s %s", seed, run, key)
                                        .isEqualTo(points.stream().distinct().toList());
                                assertThat(found.metrics().get(key))
                                        .isEqualTo(Collections.max(points));
                            });
                });
    }

    private void logAndRead(String run, Random random, Map<String, List<MetricPoint>> all) {
        for (int i = 0; i < 150; i++) {
            Map<String, Points> packed = new LinkedHashMap<>();
            for (int k = random.nextInt(3); k < 3; k++) {
                String key = "key" + k;
                List<MetricPoint> points = all.computeIfAbsent(key, x -> new ArrayList<>());
                Points some = new Points();
                for (int p = random.nextInt(200); p >= 0; p--) {
                    long step = random.nextInt(10) == 0 ? random.nextInt(i + 1) : i * 200L + p;
                    MetricPoint point = new MetricPoint(step, step, step);
                    some.add(point);
                    points.add(point);
                }
                packed.put(key, some);
            }
            assertThat(metrics.logged(run, new KeyedBatch(Map.of(), packed, Map.of()))).isTrue();
            if (i % 20 == 0) {
                database.read(tx -> TRACKING.run(tx, run));
            }
        }
    }

    /** Logs until it is killed, and says what is durable. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) {
            Database database = Database.open(arguments[0], MetricIntake::carry);
            MetricIntake metrics = owned(database);
            for (long step = Long.parseLong(arguments[1]); ; step++) {
                if (!metrics.logged(RUN, batch("loss", at(step)))) {
                    throw new IllegalStateException("not taken");
                }
                System.out.println(step);
                if (step % 97 == 0) {
                    database.writing(tx -> TRACKING.requireWritable(tx, RUN));
                }
            }
        }
    }

    @Test
    void whatWasAnsweredSurvivesAKill() throws Exception {
        database.close();
        int kills = Integer.getInteger("weir.kills", 5);
        long last = 0;
        for (int kill = 0; kill < kills; kill++) {
            Process process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:TieredStopAtLevel=1",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Endless.class.getName(),
                                    url,
                                    Long.toString(last + 1))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try (BufferedReader out = process.inputReader()) {
                long answered = last;
                for (int i = 0; i < 50 + 83 * kill; i++) {
                    answered = Long.parseLong(out.readLine());
                }
                process.toHandle().destroyForcibly(); // the other one closes what it said
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    answered = Long.parseLong(line);
                }
                process.waitFor();
                try (Database after = Database.open(url, MetricIntake::carry)) {
                    List<Long> steps = steps(after, RUN);
                    last = steps.getLast();
                    assertThat(last).isBetween(answered, answered + 1);
                    assertThat(steps).isEqualTo(to(last));
                }
            }
        }
    }

    @Test
    void aFileOfSomethingElseIsRefused() throws IOException {
        database.close();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
        }
        assertThatThrownBy(() -> Database.open(url, MetricIntake::carry))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("not an intake");
    }
}
