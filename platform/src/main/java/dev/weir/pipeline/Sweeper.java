package dev.weir.pipeline;

import dev.weir.store.meta.Database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Clears up after processes that ended in the middle: their attempts are lost, their runs failed,
 * what they started is killed, their directories are deleted. It may be killed itself at any
 * instant; the next sweep finds what it left.
 */
final class Sweeper {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String GONE = "its process ended before it was done";

    private final Database database;
    private final PipelineDao dao;
    private final AttemptDao attempts;
    private final Workbench workbench;
    private final RunListener listener;
    private final ProcessIdentity me;
    private final Clock clock;

    Sweeper(
            Database database,
            PipelineDao dao,
            AttemptDao attempts,
            Workbench workbench,
            RunListener listener,
            ProcessIdentity me,
            Clock clock) {
        this.database = database;
        this.dao = dao;
        this.attempts = attempts;
        this.workbench = workbench;
        this.listener = listener;
        this.me = me;
        this.clock = clock;
    }

    private record Found(List<AttemptDao.Live> attempts, List<PipelineDao.LiveRun> runs) {}

    /** Sweeps once; returns how many attempts and runs were found dead. */
    int sweep() {
        Instant now = clock.instant();
        Set<String> directories = workbench.directories();
        Found found = database.read(tx -> new Found(attempts.live(tx), dao.liveRuns(tx)));
        List<AttemptDao.Live> overdue =
                found.attempts().stream()
                        .filter(a -> a.process().ended(me) || a.leaseUntil().isBefore(now))
                        .toList();
        List<PipelineDao.LiveRun> runs =
                found.runs().stream()
                        .filter(r -> r.process().ended(me) || r.leaseUntil().isBefore(now))
                        .toList();
        Set<String> gone = new HashSet<>();
        overdue.stream().filter(a -> a.process().ended(me)).forEach(a -> gone.add(a.attemptId()));
        // Of a process that is gone nobody else kills the children: first them, then the row that
        // leads to them. One that lives must find its attempt lost before it finds a child killed.
        Set<String> leftBehind = new HashSet<>(gone);
        runs.stream()
                .filter(run -> run.process().ended(me))
                .forEach(run -> leftBehind.addAll(attemptsOf(run)));
        killAll(leftBehind);
        Set<String> lost = lose(overdue, runs, now);
        lost.removeAll(gone);
        killAll(lost);
        Set<String> live = new HashSet<>();
        found.attempts().forEach(a -> live.add(a.attemptId()));
        live.removeAll(gone);
        live.removeAll(lost);
        directories.stream().filter(d -> !live.contains(d)).forEach(this::clear);
        return overdue.size() + runs.size();
    }

    /** Attempts that ended among them: what they left in the background goes with their run. */
    private List<String> attemptsOf(PipelineDao.LiveRun run) {
        return database.read(tx -> attempts.attempts(tx, run.runId())).stream()
                .map(AttemptReport::attemptId)
                .toList();
    }

    private Set<String> lose(
            List<AttemptDao.Live> overdue, List<PipelineDao.LiveRun> runs, Instant now) {
        if (overdue.isEmpty() && runs.isEmpty()) {
            return new HashSet<>();
        }
        return database.write(
                tx -> {
                    Set<String> lost = new HashSet<>();
                    for (AttemptDao.Live attempt : overdue) {
                        if (attempts.lose(tx, attempt, now, GONE)) {
                            lost.add(attempt.attemptId());
                        }
                    }
                    for (PipelineDao.LiveRun run : runs) {
                        if (dao.loseRun(tx, run, now, GONE)) {
                            dao.run(tx, run.workspace(), run.runId())
                                    .ifPresent(record -> listener.ended(tx, record));
                        }
                    }
                    return lost;
                });
    }

    private void clear(String attemptId) {
        try {
            workbench.clear(attemptId);
        } catch (IOException e) {
            return; // something still writes to it, or the disk fails: the next sweep tries again
        }
    }

    /**
     * Kills what attempts have started on this host, on Linux, where it is found by the mark that
     * all of it inherits; waits until it is gone. Whether there was anything.
     */
    boolean killAll(Set<String> attemptIds) {
        Path proc = Path.of("/proc");
        if (attemptIds.isEmpty() || !Files.isDirectory(proc.resolve("self"))) {
            return false;
        }
        Instant deadline = clock.instant().plus(PATIENCE);
        List<ProcessHandle> found = marked(proc, attemptIds);
        boolean any = !found.isEmpty();
        while (!found.isEmpty() && clock.instant().isBefore(deadline)) {
            found.forEach(ProcessHandle::destroyForcibly);
            LockSupport.parkNanos(2_000_000);
            found = marked(proc, attemptIds); // and what these started in the meantime
        }
        return any;
    }

    private List<ProcessHandle> marked(Path proc, Set<String> attemptIds) {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            return processes
                    .filter(p -> p.pid() != me.pid() && carries(proc, p.pid(), attemptIds))
                    .toList();
        }
    }

    private static boolean carries(Path proc, long pid, Set<String> attemptIds) {
        try {
            byte[] environment = Files.readAllBytes(proc.resolve(pid + "/environ"));
            String text = new String(environment, StandardCharsets.ISO_8859_1);
            return text.contains(Attempt.MARK)
                    && Stream.of(text.split("\0"))
                            .filter(v -> v.startsWith(Attempt.MARK + "="))
                            .anyMatch(v -> attemptIds.contains(v.substring(v.indexOf('=') + 1)));
        } catch (IOException e) {
            return false; // another user's process, or one that has just ended: not ours
        }
    }
}
