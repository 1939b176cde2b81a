package dev.weir.ml.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.store.blob.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class PredictionLogFaultTest {
    private static final int KILLS = Boolean.getBoolean("weir.test.full") ? 30 : 3;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @TempDir Path home;

    @Test
    void afterAKillAtMostTheLastSecondIsGoneAndNothingStandsTwice() throws Exception {
        Random random = new Random(7);
        int from = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long millis = 1_500 + random.nextInt(1_500);
            int safe = offeredASecondBeforeItsKill(from, millis);
            List<Integer> kept = kept();
            assertThat(kept).doesNotHaveDuplicates();
            int last = kept.getLast();
            int begun = from;
            assertThat(kept.stream().filter(i -> i >= begun).toList())
                    .as("kill %d, after %d ms", kill, millis)
                    .hasSize(last - begun + 1);
            assertThat(last).isGreaterThanOrEqualTo(safe);
            from = last + 1_000_000;
        }
    }

    /** The number of the last row that the child said a second before it was killed. */
    private int offeredASecondBeforeItsKill(int from, long millis) throws Exception {
        Process child =
                ChildJvm.start(
                        LoggingChild.class,
                        "until-killed",
                        home.toString(),
                        home.resolve("scratch").toString(),
                        String.valueOf(from));
        Deque<long[]> said = new ArrayDeque<>();
        long killAt = 0;
        try (BufferedReader out = child.inputReader()) {
            while (true) {
                String line = out.readLine();
                long now = System.nanoTime();
                assertThat(line).as("the child ended by itself").isNotNull();
                killAt = killAt == 0 ? now + millis * 1_000_000 : killAt;
                said.add(new long[] {now, Integer.parseInt(line)});
                if (now >= killAt) {
                    break;
                }
            }
            child.destroyForcibly().waitFor();
        }
        long killed = System.nanoTime();
        int safe = from - 1;
        for (long[] each : said) {
            safe = each[0] <= killed - SECOND ? (int) each[1] : safe;
        }
        return safe;
    }

    private List<Integer> kept() {
        Traffic traffic =
                new Traffic(home, "default", TrafficExample.duckDb(home), Clock.systemUTC());
        Path out = home.resolve("all.parquet");
        Window always = new Window(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"));
        traffic.windows("income").write(always, Selection.all(), out);
        return TrafficExample.rows(out, "_id").stream()
                .map(id -> Integer.parseInt(id.substring(2)))
                .sorted()
                .toList();
    }

    @Test
    void aFullDiskIsCountedAndSaidAndWritingGoesOnWhenThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(home.resolve("disk"));
        Path scratch = Files.createDirectory(home.resolve("elsewhere"));
        String mount = "mount -t tmpfs -o size=1m tmpfs '" + disk + "'";
        assumeTrue(
                ended(List.of("unshare", "-rm", "sh", "-c", mount)) == 0,
                "no small file system can be mounted here");
        String java =
                "'%s' -cp '%s' %s until-full '%s' '%s'"
                        .formatted(
                                ChildJvm.java(),
                                ChildJvm.classPath(),
                                LoggingChild.class.getName(),
                                disk,
                                scratch);
        Process child =
                new ProcessBuilder("unshare", "-rm", "sh", "-c", mount + " && exec " + java)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        List<String> said = child.inputReader().readAllLines();
        assertThat(child.waitFor()).isZero();
        assertThat(said.getFirst()).startsWith("failing: ").contains("No space left on device");
        Map<String, Long> counts = new HashMap<>();
        for (String line : said.subList(1, said.size())) {
            String[] parts = line.split(" ", 2);
            counts.put(parts[0], Long.parseLong(parts[1]));
        }
        long offered = counts.getOrDefault("offered", -1L);
        long written = counts.getOrDefault("written", -1L);
        assertThat(written + counts.getOrDefault("dropped", -1L)).isEqualTo(offered);
        assertThat(counts.getOrDefault("failed", -1L)).isGreaterThanOrEqualTo(2_000);
        assertThat(counts).containsEntry("read", written);
    }

    private static int ended(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1; // there is no such command
        }
    }
}
