package dev.weir.store.blob;

import dev.weir.base.digest.Digest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The names under which files are written before they are blobs: {@code
 * incoming/<machine>-<process>-<number>}. The machine is the boot and the process namespace, so
 * that no process takes another's for dead because it runs in another container.
 */
final class Incoming {
    private static final Duration FORGOTTEN = Duration.ofHours(24);

    private final Path root;
    private final Path folder;
    private final Disk disk;
    private final String machine = machine();
    private final String owner = machine + "-" + ProcessHandle.current().pid() + "-";
    private final AtomicLong number = new AtomicLong();

    Incoming(Path root, Disk disk) {
        this.root = root;
        this.folder = root.resolve("incoming");
        this.disk = disk;
    }

    private static String machine() {
        String boot = text(Path.of("/proc/sys/kernel/random/boot_id"));
        Path namespace = Path.of("/proc/self/ns/pid");
        try {
            boot += Files.isSymbolicLink(namespace) ? Files.readSymbolicLink(namespace) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Digest.ofText(boot).brief();
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    /** A file being written. */
    record Draft(Path file, OutputStream out) {}

    Draft create() throws IOException {
        while (true) {
            Path file = folder.resolve(owner + number.incrementAndGet());
            try {
                return new Draft(file, disk.create(file));
            } catch (FileAlreadyExistsException e) {
                continue; // of another store in this process, or of a dead process of this number
            } catch (NoSuchFileException e) {
                UnrelatedFolders.make(root);
                Files.createDirectories(folder);
            }
        }
    }

    /** Files that no living process will ever come back to. */
    List<Path> forsaken(Instant now) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> forsaken(file, now)).sorted().toList();
        }
    }

    private boolean forsaken(Path file, Instant now) {
        String[] name = file.getFileName().toString().split("-", -1);
        if (name.length == 3 && name[0].equals(machine) && name[1].matches("\\d{1,18}")) {
            return ProcessHandle.of(Long.parseLong(name[1])).isEmpty();
        }
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(FORGOTTEN));
        } catch (NoSuchFileException e) {
            return false; // published or removed in the meantime
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
