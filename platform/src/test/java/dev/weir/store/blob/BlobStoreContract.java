package dev.weir.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What every store of blobs does; each has a test class that extends this one. */
abstract class BlobStoreContract {
    @TempDir Path folder;

    /** The store under test, empty at the beginning of a test; the same one when asked again. */
    abstract BlobStore blobs();

    /** Gives a blob other bytes of the same length, behind the store's back. */
    abstract void corrupt(Digest digest) throws IOException;

    static byte[] content(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] random(long seed, int length) {
        byte[] content = new byte[length];
        new SplittableRandom(seed).nextBytes(content);
        return content;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 65_536, 1 << 20, (1 << 20) + 1, 5_000_000})
    void givesBackWhatWasPutByBytesFileAndStream(int length) throws IOException {
        byte[] content = random(length, length);
        Path file = folder.resolve("source");
        Files.write(file, content);
        Digest digest = blobs().put(file);
        assertThat(digest).isEqualTo(Digest.of(content));
        assertThat(blobs().put(content)).isEqualTo(digest);
        assertThat(blobs().put(new ByteArrayInputStream(content))).isEqualTo(digest);
        assertThat(blobs().has(digest)).isTrue();
        assertThat(blobs().size(digest)).isEqualTo(length);
        assertThat(blobs().bytes(digest)).isEqualTo(content);
        try (InputStream in = blobs().open(digest)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        Path target = folder.resolve("target");
        blobs().copyTo(digest, target);
        assertThat(target).hasBinaryContent(content);
        assertThat(blobs().verify(digest)).isEqualTo(BlobStore.Condition.SOUND);
        assertThat(all()).containsExactly(digest);
    }

    List<Digest> all() {
        try (Stream<Digest> all = blobs().all()) {
            return all.toList();
        }
    }

    @Test
    void aBlobThatIsNotThereIsNamed() {
        Digest none = Digest.ofText("none");
        assertThat(blobs().has(none)).isFalse();
        assertThat(blobs().stored(none)).isEmpty();
        assertThat(blobs().localPath(none)).isEmpty();
        assertThat(blobs().verify(none)).isEqualTo(BlobStore.Condition.MISSING);
        assertThat(all()).isEmpty();
        blobs().delete(none);
        for (Runnable reading :
                List.<Runnable>of(
                        () -> blobs().bytes(none),
                        () -> blobs().open(none),
                        () -> blobs().size(none),
                        () -> blobs().copyTo(none, folder.resolve("target")))) {
            assertProblem(reading, "store.missing", none.hex());
        }
        assertThat(folder.resolve("target")).doesNotExist();
    }

    static void assertProblem(Runnable work, String code, String words) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problems().getFirst().code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    @Test
    void aCorruptBlobIsNamedByEveryWayOfReading() throws IOException {
        Digest digest = blobs().put(random(1, 200_000));
        corrupt(digest);
        assertThat(blobs().verify(digest)).isEqualTo(BlobStore.Condition.CORRUPT);
        assertProblem(() -> blobs().bytes(digest), "store.corrupt", digest.hex());
        assertProblem(
                () -> blobs().copyTo(digest, folder.resolve("target")),
                "store.corrupt",
                digest.hex());
        assertThat(folder.resolve("target")).doesNotExist();
        try (InputStream in = blobs().open(digest)) {
            assertThatThrownBy(in::readAllBytes).hasMessageContaining(digest.hex());
        }
        try (InputStream in = blobs().open(digest)) {
            assertThatThrownBy(() -> in.skip(1_000_000)).hasMessageContaining(digest.hex());
        }
    }

    @Test
    void puttingTheRightBytesMendsACorruptBlob() throws IOException {
        byte[] content = random(2, 3_000_000);
        Path file = folder.resolve("source");
        Files.write(file, content);
        Digest digest = blobs().put(content);
        for (Runnable mending :
                List.<Runnable>of(
                        () -> blobs().put(content),
                        () -> blobs().put(file),
                        () -> blobs().put(new ByteArrayInputStream(content)))) {
            corrupt(digest);
            mending.run();
            assertThat(blobs().verify(digest)).isEqualTo(BlobStore.Condition.SOUND);
        }
    }

    @Test
    void copyToTakesNoFileThatIsThere() throws IOException {
        Digest digest = blobs().put(content("new"));
        Path target = folder.resolve("target");
        Files.writeString(target, "old");
        assertThatThrownBy(() -> blobs().copyTo(digest, target))
                .isInstanceOf(ProblemException.class);
        assertThat(target).hasContent("old");
    }

    @Test
    void anUploadShowsNothingBeforeItIsPublished() {
        Digest digest = Digest.of(content("a"));
        try (BlobStore.Upload upload = blobs().upload()) {
            assertThat(upload.put(content("a"))).isEqualTo(new BlobStore.Put(digest, 1));
            assertThat(upload.put(content("a"))).isEqualTo(new BlobStore.Put(digest, 1));
            assertThat(blobs().has(digest)).isFalse();
        }
        assertThat(all()).isEmpty();
        try (BlobStore.Upload upload = blobs().upload()) {
            upload.put(content("a"));
            upload.put(content("b"));
            upload.publish();
        }
        assertThat(all())
                .containsExactlyElementsOf(
                        Stream.of("a", "b").map(Digest::ofText).sorted().toList());
    }

    @Test
    void manyPutTheSameBytesAtOnce() throws Exception {
        byte[] content = random(3, 300_000);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Digest>> puts =
                    IntStream.range(0, 16)
                            .mapToObj(i -> threads.submit(() -> blobs().put(content)))
                            .toList();
            for (Future<Digest> put : puts) {
                assertThat(put.get(60, TimeUnit.SECONDS)).isEqualTo(Digest.of(content));
            }
        }
        assertThat(all()).containsExactly(Digest.of(content));
        assertThat(blobs().verify(Digest.of(content))).isEqualTo(BlobStore.Condition.SOUND);
    }

    @Test
    void aSourceThatCannotBeReadIsNamedAndLeavesNothing() {
        Path none = folder.resolve("none");
        assertProblem(() -> blobs().put(none), "file.unreadable", none.toString());
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("unplugged");
                    }
                };
        assertProblem(() -> blobs().put(broken), "file.unreadable", "unplugged");
        assertThat(all()).isEmpty();
        assertThat(blobs().leftovers()).isEmpty();
    }

    @Test
    void deletesWhatWasNotPutSince() {
        Digest digest = blobs().put(content("x"));
        Instant put = blobs().stored(digest).orElseThrow().putAt();
        assertThat(blobs().deleteUnlessPutSince(digest, put.minus(Duration.ofSeconds(1))))
                .isFalse();
        assertThat(blobs().has(digest)).isTrue();
        assertThat(blobs().deleteUnlessPutSince(digest, put.plus(Duration.ofSeconds(1)))).isTrue();
        assertThat(blobs().has(digest)).isFalse();
        assertThat(blobs().deleteUnlessPutSince(digest, put.plus(Duration.ofSeconds(1)))).isFalse();
        assertThat(blobs().put(content("x"))).isEqualTo(digest);
        blobs().delete(digest);
        assertThat(blobs().has(digest)).isFalse();
    }
}
