package dev.weir.pipeline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that carries runs, so that another can tell whether it still lives.
 *
 * @param host machine and process namespace: only there does {@code pid} mean anything
 * @param startedMillis tells a process from a later one with the same pid
 */
public record ProcessIdentity(String host, long pid, long startedMillis) {

    /** This process. */
    public static ProcessIdentity current() {
        ProcessHandle self = ProcessHandle.current();
        return new ProcessIdentity(hostName() + namespace(), self.pid(), started(self));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Two containers may share a host name and a home, but not their processes. */
    private static String namespace() {
        try {
            return "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /**
     * Whether the process has ended for certain. Of a process on another host nothing is certain;
     * its leases tell.
     */
    boolean ended(ProcessIdentity me) {
        if (!host.equals(me.host)) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isEmpty()
                || !process.get().isAlive()
                || Math.abs(started(process.get()) - startedMillis) > 1000;
    }

    String text() {
        return host + "|" + pid + "|" + startedMillis;
    }

    static ProcessIdentity parse(String text) {
        String[] parts = text.split("\\|", -1);
        return new ProcessIdentity(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
