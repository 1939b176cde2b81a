package dev.weir.store.blob;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What holds after every test of the store and of what stands on it: each blob is sound, none that
 * something needs is missing, no upload has left anything, and no file of the home is open.
 *
 * <pre>{@code
 * @RegisterExtension final StoreInvariants invariants = new StoreInvariants();
 *
 * invariants.watch(blobs, () -> artifactsThatRowsReferTo());
 * invariants.closed(home);
 * }</pre>
 */
public final class StoreInvariants implements AfterEachCallback {
    private record Watched(BlobStore blobs, Supplier<Stream<Artifact>> needed) {}

    private final List<Watched> stores = new ArrayList<>();
    private final List<Path> homes = new ArrayList<>();

    /**
     * Verifies this store after the test.
     *
     * @param needed what must be in it, asked after the test, before its folders are removed; a
     *     database that it asks is still open then
     */
    public void watch(BlobStore blobs, Supplier<Stream<Artifact>> needed) {
        stores.add(new Watched(blobs, needed));
    }

    /** Looks after the test that this process has no file below this folder open. */
    public void closed(Path home) {
        homes.add(home);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        for (Watched watched : stores) {
            try (Stream<Artifact> needed = watched.needed().get()) {
                assertSound(watched.blobs(), needed);
            }
        }
        for (Path home : homes) {
            assertThat(openBelow(home)).as("open files below %s", home).isEmpty();
        }
    }

    /** Fails where a blob is corrupt, or one that is needed is missing. */
    public static void assertSound(BlobStore blobs, Stream<Artifact> needed) {
        StoreVerifier.Report report = new StoreVerifier(blobs).verify(needed);
        assertThat(report.corrupt()).as("corrupt blobs").isEmpty();
        assertThat(report.missing()).as("missing blobs").isEmpty();
        assertThat(report.leftovers()).as("left by interrupted uploads").isEmpty();
    }

    /** The files below a folder that this process has open. */
    public static List<String> openBelow(Path folder) throws IOException {
        Path real = folder.toRealPath();
        List<String> open = new ArrayList<>();
        try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
            for (Path handle : handles.toList()) {
                try {
                    Path file = Path.of(Files.readSymbolicLink(handle).toString());
                    if (file.startsWith(real)) {
                        open.add(file.toString());
                    }
                } catch (NoSuchFileException e) {
                    continue; // closed in the meantime
                }
            }
        }
        return open;
    }
}
