package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.base.problem.Kind;
import dev.weir.store.blob.Artifact;
import dev.weir.store.blob.ChildJvm;
import dev.weir.store.blob.FailingSyncs;
import dev.weir.store.blob.StoreVerifier;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Kills, stops, fills and cuts off an engine, and sees what the next one finds. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class EngineFaultTest {
    private static final int KILLS = Boolean.getBoolean("weir.test.full") ? 200 : 20;
    private static final Resources MACHINE = new Resources(2, 1L << 32, 0);

    @TempDir Path folder;

    // Kill

    @Test
    void aKillAtAnyMomentLosesNothingAndLeavesNothing() throws Exception {
        Path reference = Files.createDirectories(folder.resolve("reference"));
        String url = TestDatabases.freshUrl(Dialect.SQLITE);
        Map<String, Artifact> expected;
        long began = System.nanoTime();
        Process whole = start(reference, url, "ten", Duration.ofMinutes(1));
        line(whole, "begins");
        long ready = System.nanoTime();
        assertThat(said(whole)).startsWith("PASSED");
        long runNanos = System.nanoTime() - ready;
        assertThat(runNanos).isLessThan(System.nanoTime() - began);
        try (TestHome home = new TestHome(reference, url)) {
            expected = FaultyRun.artifacts(passed(home, "ten"));
        }
        long seed = 20_261_125;
        Random random = new Random(seed);
        for (int i = 0; i < KILLS; i++) {
            Path there = Files.createDirectories(folder.resolve("home" + i));
            boolean orphans = i % 2 == 1;
            String which =
                    "seed %d, kill %d, children %s".formatted(seed, i, orphans ? "left" : "killed");
            String database = TestDatabases.freshUrl(Dialect.SQLITE);
            Process child = start(there, database, "ten", Duration.ofMinutes(1));
            line(child, "begins");
            LockSupport.parkNanos(random.nextLong(runNanos));
            List<ProcessHandle> children = orphans ? List.of() : child.descendants().toList();
            child.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            child.waitFor();
            try (TestHome home = new TestHome(there, database)) {
                assertThat(FaultyRun.artifacts(passed(home, "ten"))).as(which).isEqualTo(expected);
                assertClean(home, which);
            }
        }
    }

    private static RunReport passed(TestHome home, String pipeline) {
        RunReport report =
                home.engine()
                        .run(FaultyRun.pipeline(pipeline, home), home.request(), Progress.SILENT);
        assertThat(report.problems()).isEmpty();
        assertThat(report.status()).isEqualTo(RunStatus.PASSED);
        return report;
    }

    /** What holds in every home after a run, whatever was done to the runs before it. */
    private static void assertClean(TestHome home, String which) throws IOException {
        record Rows(
                List<AttemptDao.Live> live,
                List<PipelineDao.LiveRun> runs,
                Resources inUse,
                List<String> twice,
                long effects) {}
        Rows rows =
                home.database.read(
                        tx ->
                                new Rows(
                                        new AttemptDao(Path.of("logs")).live(tx),
                                        new PipelineDao(Path.of("logs")).liveRuns(tx),
                                        new AttemptDao(Path.of("logs"))
                                                .inUse(tx, ProcessIdentity.current().host()),
                                        tx.handle()
                                                .createQuery(
                                                        "select step from attempt where state ="
                                                            + " 'succeeded' group by step, step_key"
                                                            + " having count(*) > 1")
                                                .mapTo(String.class)
                                                .list(),
                                        FaultyRun.effects(tx)));
        assertThat(rows.live()).as("%s: attempts that run", which).isEmpty();
        assertThat(rows.runs()).as("%s: runs that run", which).isEmpty();
        assertThat(rows.inUse()).as("%s: slots in use", which).isEqualTo(Resources.NONE);
        assertThat(rows.twice()).as("%s: steps that were done twice", which).isEmpty();
        assertThat(rows.effects()).as("%s: effects of the gate", which).isLessThanOrEqualTo(1);
        List<Artifact> artifacts =
                home.engine().results().stream()
                        .flatMap(r -> r.result().outputs().values().stream())
                        .toList();
        StoreVerifier.Report report = new StoreVerifier(home.blobs).verify(artifacts.stream());
        assertThat(report.sound()).as("%s: %s", which, report).isTrue();
        assertThat(report.leftovers()).as("%s: uploads left", which).isEmpty();
        String[] left = home.folder.resolve("work").toFile().list();
        assertThat(left == null ? new String[0] : left).as("%s: directories left", which).isEmpty();
        assertThat(processesOf(home.folder)).as("%s: processes left", which).isEmpty();
    }

    /** Processes that carry this home in their environment: each attempt's {@code TMPDIR} does. */
    private static List<String> processesOf(Path home) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            for (ProcessHandle process : all.toList()) {
                try {
                    Path proc = Path.of("/proc", Long.toString(process.pid()));
                    String environment =
                            Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1);
                    if (environment.contains("TMPDIR=" + home + "/")) {
                        found.add(
                                Files.readString(
                                        proc.resolve("cmdline"), StandardCharsets.ISO_8859_1));
                    }
                } catch (IOException e) {
                    continue; // it has just ended
                }
            }
        }
        return found;
    }

    // Stop

    @ParameterizedTest
    @ValueSource(strings = {"waits", "stops"})
    void anEngineThatStoodStillPastItsLeaseIsOvertakenAndEndsWell(String pipeline)
            throws Exception {
        String url = TestDatabases.freshUrl(Dialect.SQLITE);
        Duration lease = Duration.ofSeconds(2);
        Process sleeper = start(folder, url, pipeline, lease);
        line(sleeper, "begins");
        try (TestHome home = new TestHome(folder, url)) {
            until(
                    () ->
                            !home.database
                                    .read(tx -> new AttemptDao(Path.of("logs")).live(tx))
                                    .isEmpty());
            if (pipeline.equals("waits")) {
                signal(sleeper, "STOP");
            }
            until(() -> state(sleeper) == 'T');
            Engine other = home.engine(MACHINE, lease);
            until(() -> other.sweep() > 0);
            Files.createFile(folder.resolve("go"));
            RunReport report =
                    other.run(FaultyRun.pipeline(pipeline, home), home.request(), Progress.SILENT);
            assertThat(TestHome.outcomes(report)).containsExactly(pipeline + ":executed");
            signal(sleeper, "CONT");
            assertThat(said(sleeper)).startsWith("PASSED");
            List<RunRecord> runs = other.runs("default", pipeline, 10);
            assertThat(runs).extracting(RunRecord::status).containsOnly(RunStatus.PASSED);
            List<String> states = new ArrayList<>();
            for (RunRecord run : runs.reversed()) {
                other.attempts(run.runId()).forEach(a -> states.add(a.state()));
            }
            assertThat(states).containsExactly("lost", "succeeded");
            assertClean(home, pipeline);
        }
    }

    private static char state(Process process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return '-';
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalThatEndsTheProcessCancelsItsRun(String signal) throws Exception {
        String url = TestDatabases.freshUrl(Dialect.SQLITE);
        Process child = start(folder, url, "waits", Duration.ofMinutes(1));
        line(child, "begins");
        try (TestHome home = new TestHome(folder, url)) {
            until(() -> !processesOf(folder).isEmpty());
            signal(child, signal);
            child.waitFor();
            Engine engine = home.engine();
            RunRecord run = engine.runs("default", "waits", 1).getFirst();
            assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(engine.attempts(run.runId()))
                    .extracting(AttemptReport::state)
                    .containsExactly("cancelled");
            assertClean(home, signal);
        }
    }

    // Disks

    /** Runs the pipeline on a small disk, makes room, and runs it again. */
    static final class SmallDisk {
        public static void main(String[] args) throws Exception {
            Path home = Path.of(args[0]);
            Path disk = Path.of(args[1]);
            String database = args[2];
            String size = args[3];
            sh("mount -t tmpfs -o size=64m tmpfs '%s'".formatted(disk));
            String url = "jdbc:sqlite:" + home.resolve("weir.db");
            Files.copy(Path.of(database), home.resolve("weir.db"));
            try (TestHome opened = new TestHome(home, url)) {
                opened.engine().runs("default", null, 1);
                sh("mount -o remount,size=%s '%s'".formatted(size, disk));
                RunReport full =
                        opened.engine()
                                .run(
                                        FaultyRun.pipeline("big", opened),
                                        opened.request(),
                                        Progress.SILENT);
                System.out.println("full: " + full.status() + " " + full.problems());
                sh("mount -o remount,size=64m '%s'".formatted(disk));
            }
            try (TestHome again = new TestHome(home, url)) {
                again.engine(MACHINE, Duration.ofMillis(1)).sweep();
                System.out.println("again: " + passed(again, "big").status());
                assertClean(again, "after a full disk");
            }
        }

        private static void sh(String line) throws Exception {
            int exit = new ProcessBuilder("sh", "-c", line).inheritIO().start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException(line);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs:3m", "work:3m", ":7m", ":1m"})
    void aFullDiskFailsTheStepAndTheNextRunCompletes(String where) throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        String[] parts = where.split(":", -1);
        Path disk = Files.createDirectories(home.resolve(parts[0]));
        assumeThat(namespaces()).as("skipped: no mount namespace here (unshare -m)").isTrue();
        Process child =
                new ProcessBuilder(
                                "unshare",
                                "-m",
                                ChildJvm.java(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                ChildJvm.classPath(),
                                SmallDisk.class.getName(),
                                home.toString(),
                                disk.toString(),
                                TestDatabases.freshUrl(Dialect.SQLITE)
                                        .substring("jdbc:sqlite:".length()),
                                parts[1])
                        .redirectErrorStream(true)
                        .start();
        String said = said(child);
        assertThat(child.waitFor()).as(said).isZero();
        assertThat(said).contains("full: FAILED [Problem[kind=STEP").contains("again: PASSED");
    }

    private static boolean namespaces() throws Exception {
        return new ProcessBuilder("unshare", "-m", "true")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void aSyncThatFailsFailsTheStepAndTheNextRunCompletes() throws IOException {
        AtomicBoolean failing = new AtomicBoolean(true);
        try (TestHome home =
                new TestHome(
                        folder,
                        Database.open(TestDatabases.freshUrl(Dialect.SQLITE)),
                        FailingSyncs.store(
                                folder.resolve("blobs"), Clock.systemUTC(), failing::get))) {
            RunReport failed =
                    home.engine()
                            .run(FaultyRun.pipeline("ten", home), home.request(), Progress.SILENT);
            assertThat(failed.status()).isEqualTo(RunStatus.FAILED);
            assertThat(failed.problems().getFirst().kind()).isEqualTo(Kind.STEP);
            assertThat(failed.problems().getFirst().code()).isEqualTo("store.io");
            assertThat(home.engine().results()).isEmpty();
            failing.set(false);
            passed(home, "ten");
            assertClean(home, "after a failed sync");
        }
    }

    // Two at once

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void twoProcessesAtOnceBothPassAndEachStepIsDoneOnce(Dialect dialect) throws Exception {
        String url = TestDatabases.freshUrl(dialect);
        List<Process> both =
                List.of(
                        start(folder, url, "ten", Duration.ofMinutes(1)),
                        start(folder, url, "ten", Duration.ofMinutes(1)));
        for (Process each : both) {
            assertThat(said(each)).contains("PASSED []");
        }
        try (TestHome home = new TestHome(folder, url)) {
            TreeMap<String, Integer> done = new TreeMap<>();
            for (RunRecord run : home.engine().runs("default", "ten", 10)) {
                home.engine().attempts(run.runId()).stream()
                        .filter(a -> a.state().equals("succeeded"))
                        .forEach(a -> done.merge(a.step(), 1, Integer::sum));
            }
            assertThat(done).hasSize(10);
            assertThat(done.values()).containsOnly(1);
            assertClean(home, dialect.toString());
        }
    }

    // Child processes

    private static Process start(Path home, String url, String pipeline, Duration lease)
            throws IOException {
        return ChildJvm.start(
                FaultyRun.class, home.toString(), url, pipeline, Long.toString(lease.toMillis()));
    }

    private static void line(Process process, String expected) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = process.getInputStream().read();
                c >= 0 && c != '\n';
                c = process.getInputStream().read()) {
            line.append((char) c);
        }
        assertThat(line.toString()).isEqualTo(expected);
    }

    private static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void signal(Process process, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    /** Looks until it holds; the test's own time limit ends it where it never does. */
    private static void until(Condition condition) throws IOException {
        while (!condition.holds()) {
            LockSupport.parkNanos(5_000_000);
        }
    }
}
