package dev.weir.pipeline;

import dev.weir.store.meta.Database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Clears up after processes that ended in the middle: their attempts are lost, their runs failed,
 * what they started is killed, their directories are deleted.
 */
final class Sweeper {
    private final Database database;
    private final PipelineDao dao;
    private final Workbench workbench;
    private final RunListener listener;
    private final ProcessIdentity me;
    private final Clock clock;

    Sweeper(
            Database database,
            PipelineDao dao,
            Workbench workbench,
            RunListener listener,
            ProcessIdentity me,
            Clock clock) {
        this.database = database;
        this.dao = dao;
        this.workbench = workbench;
        this.listener = listener;
        this.me = me;
        this.clock = clock;
    }

    /** Sweeps once; returns how many attempts and runs were found dead. */
    int sweep() {
        Instant now = clock.instant();
        record Found(List<PipelineDao.Live> attempts, List<PipelineDao.Live> runs) {}
        Found found = database.read(tx -> new Found(dao.liveAttempts(tx), dao.liveRuns(tx)));
        List<PipelineDao.Live> attempts =
                found.attempts().stream().filter(a -> dead(a, now)).toList();
        List<PipelineDao.Live> runs = found.runs().stream().filter(r -> dead(r, now)).toList();
        if (attempts.isEmpty() && runs.isEmpty()) {
            return 0;
        }
        killWhatIsLeft(attempts);
        database.writing(
                tx -> {
                    for (PipelineDao.Live attempt : attempts) {
                        dao.endAttempt(
                                tx,
                                attempt.attemptId(),
                                AttemptState.LOST,
                                now,
                                "its process ended before it was done");
                    }
                    for (PipelineDao.Live run : runs) {
                        boolean ended =
                                dao.endRun(
                                        tx,
                                        run.runId(),
                                        RunStatus.FAILED,
                                        now,
                                        "its process ended before it was done");
                        Optional<RunRecord> record = dao.run(tx, run.step(), run.runId());
                        if (ended && record.isPresent()) {
                            listener.ended(tx, record.get());
                        }
                    }
                });
        attempts.forEach(a -> workbench.clear(a.attemptId()));
        return attempts.size() + runs.size();
    }

    private boolean dead(PipelineDao.Live live, Instant now) {
        return live.process().ended(me) || live.leaseUntil().isBefore(now);
    }

    /** A killed engine leaves its children; on Linux they are found by the mark they inherited. */
    private void killWhatIsLeft(List<PipelineDao.Live> attempts) {
        Set<String> marks = new HashSet<>();
        for (PipelineDao.Live attempt : attempts) {
            if (attempt.process().host().equals(me.host())) {
                marks.add(Attempt.MARK + "=" + attempt.attemptId());
            }
        }
        Path proc = Path.of("/proc");
        if (marks.isEmpty() || !Files.isDirectory(proc)) {
            return;
        }
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            processes
                    .filter(p -> p.pid() != me.pid() && carries(proc, p.pid(), marks))
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean carries(Path proc, long pid, Set<String> marks) {
        try {
            byte[] environment = Files.readAllBytes(proc.resolve(pid + "/environ"));
            return Stream.of(new String(environment, StandardCharsets.UTF_8).split("\0"))
                    .anyMatch(marks::contains);
        } catch (IOException e) {
            return false; // another user's process, or one that has just ended: not ours
        }
    }
}
