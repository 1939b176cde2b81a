package dev.weir.store.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.digest.Digest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;

class StoreVerifierTest {
    @TempDir Path folder;
    private LocalBlobStore blobs;
    private Digest tree;
    private Digest model;

    @BeforeEach
    void fill() throws IOException {
        blobs = LocalBlobStore.open(folder.resolve("blobs"), Clock.systemUTC());
        Path source = folder.resolve("source");
        Files.createDirectories(source.resolve("below"));
        Files.writeString(source.resolve("below/a"), "aaa");
        Files.writeString(source.resolve("b"), "bb");
        tree = new Trees(blobs).putFolder(source, path -> true);
        model = blobs.put("model".getBytes(StandardCharsets.UTF_8));
    }

    private StoreVerifier.Report report() {
        return new StoreVerifier(blobs)
                .verify(Stream.of(Artifact.folder(tree), Artifact.file(model)));
    }

    @Test
    void aSoundStoreIsCounted() {
        StoreVerifier.Report report = report();
        assertThat(report.sound()).isTrue();
        assertThat(report.blobs()).isEqualTo(5);
        assertThat(report.sizeBytes()).isGreaterThan(10);
    }

    @Test
    void corruptBlobsAreNamed() throws IOException {
        LocalBlobStoreTest.flip(blobs.path(model));
        LocalBlobStoreTest.flip(blobs.path(tree));
        StoreVerifier.Report report = report();
        assertThat(report.sound()).isFalse();
        assertThat(report.corrupt()).containsExactlyInAnyOrder(model, tree);
        assertThat(report.blobs()).isEqualTo(5);
    }

    @Test
    void missingBlobsAreNamedWithWhatNeedsThem() {
        blobs.delete(model);
        blobs.delete(Digest.ofText("aaa"));
        assertThat(report().missing())
                .containsExactlyInAnyOrder(
                        new StoreVerifier.Missing(model, Artifact.file(model)),
                        new StoreVerifier.Missing(Digest.ofText("aaa"), Artifact.folder(tree)));
    }

    @Test
    void anArtifactIsWrittenAsKindAndDigest() {
        assertThat(Artifact.parse(Artifact.folder(tree).toString()))
                .isEqualTo(Artifact.folder(tree));
        assertThat(Artifact.file(model)).hasToString("file:" + model);
    }
}
