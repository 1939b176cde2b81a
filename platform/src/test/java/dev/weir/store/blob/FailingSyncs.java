package dev.weir.store.blob;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * A store on a disk that can be written, but does not keep what it is given, for tests elsewhere.
 */
public final class FailingSyncs {
    private FailingSyncs() {}

    /** The store in a folder; its syncs fail while {@code failing} says so. */
    public static LocalBlobStore store(Path folder, Clock clock, BooleanSupplier failing) {
        Disk real = new Disk.Real();
        return new LocalBlobStore(
                folder,
                clock,
                new Disk() {
                    @Override
                    public OutputStream create(Path file) throws IOException {
                        return real.create(file);
                    }

                    @Override
                    public void force(Path fileOrFolder) throws IOException {
                        if (failing.getAsBoolean()) {
                            throw new IOException("Input/output error");
                        }
                        real.force(fileOrFolder);
                    }

                    @Override
                    public void move(Path from, Path to) throws IOException {
                        real.move(from, to);
                    }
                });
    }
}
