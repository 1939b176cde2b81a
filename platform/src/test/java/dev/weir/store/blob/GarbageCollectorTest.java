package dev.weir.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.ProblemException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

class GarbageCollectorTest {
    private static final Duration GRACE = Duration.ofHours(1);

    @RegisterExtension final StoreInvariants invariants = new StoreInvariants();

    @TempDir Path folder;
    private LocalBlobStore blobs;
    private GarbageCollector collector;

    @BeforeEach
    void open() {
        blobs = LocalBlobStore.open(folder.resolve("blobs"), Clock.systemUTC());
        collector = new GarbageCollector(blobs, Clock.systemUTC());
        invariants.closed(folder);
    }

    private Digest put(String text) {
        return blobs.put(text.getBytes(StandardCharsets.UTF_8));
    }

    private void age(Digest digest) throws IOException {
        Files.setLastModifiedTime(
                blobs.path(digest), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    }

    private static Supplier<Stream<Artifact>> needed(Artifact... artifacts) {
        return () -> Stream.of(artifacts);
    }

    @Test
    void removesWhatNothingNeedsAndIsOld() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("a"), "in the tree");
        Digest tree = new Trees(blobs).putFolder(source, path -> true);
        Digest model = put("model");
        Digest garbage = put("garbage");
        Digest young = put("young");
        for (Digest old : List.of(tree, Digest.ofText("in the tree"), model, garbage)) {
            age(old);
        }
        Supplier<Stream<Artifact>> needed = needed(Artifact.folder(tree), Artifact.file(model));
        GarbageCollector.Report planned = collector.dryRun(needed, GRACE);
        assertThat(planned).isEqualTo(new GarbageCollector.Report(List.of(garbage), 7, 4));
        assertThat(blobs.has(garbage)).isTrue();
        assertThat(collector.collect(needed, GRACE)).isEqualTo(planned);
        assertThat(blobs.has(garbage)).isFalse();
        assertThat(blobs.has(young)).isTrue();
        invariants.watch(blobs, needed);
    }

    @Test
    void whatIsPutAgainIsYoungAgain() throws IOException {
        Digest digest = put("again");
        age(digest);
        put("again");
        assertThat(collector.collect(needed(), GRACE).removed()).isEmpty();
    }

    @Test
    void aReferenceMadeAfterTheListingIsSeen() throws IOException {
        Digest digest = put("x");
        age(digest);
        Supplier<Stream<Artifact>> needed =
                () -> {
                    assertThat(blobs.has(digest)).isTrue();
                    return Stream.of(Artifact.file(digest));
                };
        assertThat(collector.collect(needed, GRACE).removed()).isEmpty();
    }

    @Test
    void whereANeededFolderCannotBeReadNothingIsRemoved() throws IOException {
        Digest garbage = put("garbage");
        age(garbage);
        Digest tree = new Trees(blobs).putFolder(folder.resolve("blobs/sha256"), path -> false);
        blobs.delete(tree);
        assertThatThrownBy(() -> collector.collect(needed(Artifact.folder(tree)), GRACE))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(tree.hex());
        assertThat(blobs.has(garbage)).isTrue();
    }

    @Test
    void anEmptyStoreHasNoGarbage() {
        assertThat(collector.collect(needed(), GRACE))
                .isEqualTo(new GarbageCollector.Report(List.of(), 0, 0));
    }

    @Test
    void aBlobThatIsPutBesideTheCollectorIsThereAfterwards() throws Exception {
        put("garbage");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                age(Digest.ofText("garbage"));
                Future<GarbageCollector.Report> collecting =
                        threads.submit(() -> collector.collect(needed(), GRACE));
                Digest digest = put("garbage");
                collecting.get(60, TimeUnit.SECONDS);
                assertThat(blobs.verify(digest))
                        .as("round %d", i)
                        .isEqualTo(BlobStore.Condition.SOUND);
            }
        }
    }
}
