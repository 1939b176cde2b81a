package dev.weir.store.blob;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The operations by which a store changes its disk; tests make them fail. */
interface Disk {
    /** A new file, read-only to all once it is closed. */
    OutputStream create(Path file) throws IOException;

    /** Waits until a file's bytes, or a folder's names, would survive a power cut. */
    void force(Path fileOrFolder) throws IOException;

    /** Gives a file another name on the same file system, at one instant. */
    void move(Path from, Path to) throws IOException;

    /** The disk itself. */
    final class Real implements Disk {
        private static final FileAttribute<Set<PosixFilePermission>> READ_ONLY =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--r--r--"));

        @Override
        public OutputStream create(Path file) throws IOException {
            return Channels.newOutputStream(
                    Files.newByteChannel(
                            file,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            READ_ONLY));
        }

        @Override
        public void force(Path fileOrFolder) throws IOException {
            try (FileChannel channel = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
