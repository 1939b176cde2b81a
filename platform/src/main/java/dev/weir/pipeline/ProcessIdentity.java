package dev.weir.pipeline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A process that carries runs, so that another can tell whether it still lives.
 *
 * @param host machine and process namespace: only there does {@code pid} mean anything
 * @param started tells a process from a later one with the same pid: on Linux the clock ticks from
 *     the machine's start to the process's, which no change of the clock moves; elsewhere
 *     milliseconds since the epoch
 */
public record ProcessIdentity(String host, long pid, long started) {
    private static final Path PROC = Path.of("/proc");

    /** This process. */
    public static ProcessIdentity current() {
        long pid = ProcessHandle.current().pid();
        return new ProcessIdentity(hostName() + namespace(), pid, started(pid).orElse(0));
    }

    private static String hostName() {
        Path name = PROC.resolve("sys/kernel/hostname");
        try {
            if (Files.exists(name)) {
                return Files.readString(name).strip();
            }
        } catch (IOException e) {
            return "localhost";
        }
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

    /** When a process that lives was started; empty for one that has ended, a zombie among them. */
    private static OptionalLong started(long pid) {
        if (!Files.exists(PROC.resolve("self/stat"))) {
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).stream()
                    .mapToLong(p -> p.info().startInstant().map(Instant::toEpochMilli).orElse(0L))
                    .findFirst();
        }
        try {
            String stat =
                    Files.readString(
                            PROC.resolve(pid + "/stat"),
                            java.nio.charset.StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            return ended ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[19]));
        } catch (IOException e) {
            return OptionalLong.empty(); // it has ended, or ended while its file was read
        }
    }

    /**
     * Whether the process has ended for certain. Of a process on another host nothing is certain;
     * its leases tell.
     */
    boolean ended(ProcessIdentity me) {
        return host.equals(me.host) && started(pid).stream().noneMatch(now -> now == started);
    }

    String text() {
        return host + "|" + pid + "|" + started;
    }

    static ProcessIdentity parse(String text) {
        String[] parts = text.split("\\|", -1);
        return new ProcessIdentity(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
