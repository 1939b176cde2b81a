package dev.weir.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class LocalBlobStoreTest extends BlobStoreContract {
    private Path root;
    private LocalBlobStore store;

    @BeforeEach
    void open() {
        root = folder.resolve("blobs");
        store = LocalBlobStore.open(root, Clock.systemUTC());
    }

    @AfterEach
    void nothingIsLeftInIncoming() throws IOException {
        if (Files.isDirectory(root.resolve("incoming"))) {
            try (Stream<Path> files = Files.list(root.resolve("incoming"))) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Override
    BlobStore blobs() {
        return store;
    }

    @Override
    void corrupt(Digest digest) throws IOException {
        flip(store.path(digest));
    }

    static void flip(Path blob) throws IOException {
        Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
        byte[] content = Files.readAllBytes(blob);
        content[content.length / 2] ^= 1;
        Files.write(blob, content);
    }

    @Test
    void aBlobIsAReadOnlyFileNamedByItsDigest() throws IOException {
        Digest digest = store.put(content("abc"));
        Path blob =
                root.resolve(
                        "sha256/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(blob).hasContent("abc");
        assertThat(store.localPath(digest)).contains(blob);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(blob)))
                .isEqualTo("r--r--r--");
    }

    @Test
    void aTruncatedBlobIsMendedByTheNextPut() throws IOException {
        Digest digest = store.put(content("abc"));
        Files.delete(store.path(digest));
        Files.writeString(store.path(digest), "a");
        store.put(content("abc"));
        assertThat(store.path(digest)).hasContent("abc");
    }

    @Test
    void otherFilesAmongTheBlobsAreNotTakenForBlobs() throws IOException {
        Digest digest = store.put(content("abc"));
        Files.writeString(store.path(digest).resolveSibling("README"), "?");
        Files.createDirectories(root.resolve("sha256/lost+found"));
        assertThat(all()).containsExactly(digest);
    }

    /** Where the disk fails. */
    private enum Fault {
        CREATE,
        WRITE,
        FORCE_FILE,
        MOVE,
        FORCE_FOLDER
    }

    /** A disk that fails in one way while {@link #on}. */
    private static final class FaultyDisk implements Disk {
        private final Disk real = new Disk.Real();
        private final Fault fault;
        private final String words;
        boolean on = true;

        FaultyDisk(Fault fault, String words) {
            this.fault = fault;
            this.words = words;
        }

        private void may(Fault now) throws IOException {
            if (on && now == fault) {
                throw new IOException(words);
            }
        }

        @Override
        public OutputStream create(Path file) throws IOException {
            may(Fault.CREATE);
            OutputStream out = real.create(file);
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] buffer, int offset, int length) throws IOException {
                    out.write(buffer, offset, length / 2);
                    may(Fault.WRITE);
                    out.write(buffer, offset + length / 2, length - length / 2);
                }

                @Override
                public void close() throws IOException {
                    out.close();
                }
            };
        }

        @Override
        public void force(Path fileOrFolder) throws IOException {
            may(Files.isDirectory(fileOrFolder) ? Fault.FORCE_FOLDER : Fault.FORCE_FILE);
            real.force(fileOrFolder);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            may(Fault.MOVE);
            real.move(from, to);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFailingDiskIsToldAndTheNextPutIsRight(Fault fault) {
        FaultyDisk disk = new FaultyDisk(fault, "Input/output error");
        LocalBlobStore faulty = new LocalBlobStore(root, Clock.systemUTC(), disk);
        byte[] content = random(4, 100_000);
        assertProblem(() -> faulty.put(content), "store.io", root.toString());
        if (fault != Fault.FORCE_FOLDER) {
            assertThat(all()).isEmpty();
        }
        disk.on = false;
        Digest digest = faulty.put(content);
        assertThat(store.bytes(digest)).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFullDiskIsToldInWords(Fault fault) {
        FaultyDisk disk = new FaultyDisk(fault, "No space left on device");
        LocalBlobStore faulty = new LocalBlobStore(root, Clock.systemUTC(), disk);
        assertThatThrownBy(() -> faulty.put(random(4, 100_000)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(Kind.STEP);
                            assertThat(e.problems().getFirst().code()).isEqualTo("store.no-space");
                        })
                .hasMessageContaining(root.toString())
                .hasMessageContaining("free");
    }

    @Test
    void aRealFullDiskIsToldAndNothingHalfWrittenIsVisible() throws Exception {
        Path mount = Files.createDirectories(folder.resolve("tmpfs"));
        Process probe =
                new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", mount + "")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assumeThat(probe.waitFor())
                .as("skipped: no mount namespace here (root and unshare -m)")
                .isZero();
        Process child =
                new ProcessBuilder(
                                "unshare",
                                "-m",
                                "sh",
                                "-c",
                                "mount -t tmpfs -o size=1m tmpfs \"$0\" && exec \"$@\"",
                                mount.toString(),
                                ChildJvm.java(),
                                "-cp",
                                ChildJvm.classPath(),
                                FullDisk.class.getName(),
                                mount.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        assertThat(said).contains("store.no-space", "2000000 bytes needed");
    }

    /** Runs on a disk of one mebibyte. */
    static final class FullDisk {
        public static void main(String[] args) {
            LocalBlobStore blobs =
                    LocalBlobStore.open(Path.of(args[0], "blobs"), Clock.systemUTC());
            Digest small = blobs.put(random(1, 300_000));
            Path source = Path.of(args[0]).resolveSibling("source");
            try {
                Files.write(source, random(2, 2_000_000));
                blobs.put(source);
                throw new IllegalStateException("2 MB put on a disk of 1 MiB");
            } catch (ProblemException e) {
                System.out.println(e.problems());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            Digest later = blobs.put(random(3, 300_000));
            StoreVerifier.Report report = new StoreVerifier(blobs).verify(Stream.empty());
            if (report.blobs() != 2 || !report.sound() || !blobs.has(small) || !blobs.has(later)) {
                throw new IllegalStateException(report.toString());
            }
        }
    }

    @Test
    void aReadOnlyFolderIsRefused() {
        LocalBlobStore proc = LocalBlobStore.open(Path.of("/proc/weir"), Clock.systemUTC());
        assertThatThrownBy(() -> proc.put(content("x"))).isInstanceOf(ProblemException.class);
    }

    @Test
    void aDeadProcessesFilesAreRemovedAndALivingOnesAreNot() throws IOException {
        try (BlobStore.Upload upload = store.upload()) {
            upload.put(content("mine"));
            String mine;
            try (Stream<Path> files = Files.list(root.resolve("incoming"))) {
                mine = files.findFirst().orElseThrow().getFileName().toString();
            }
            String machine = mine.substring(0, mine.indexOf('-'));
            Path dead = root.resolve("incoming/" + machine + "-999999999-1");
            Path elsewhere = root.resolve("incoming/0123456789ab-999999999-1");
            Path old = root.resolve("incoming/0123456789ab-999999999-2");
            Files.writeString(dead, "x");
            Files.writeString(elsewhere, "x");
            Files.writeString(old, "x");
            Files.setLastModifiedTime(
                    old,
                    java.nio.file.attribute.FileTime.from(Instant.now().minus(Duration.ofDays(2))));
            assertThat(store.leftovers()).containsExactlyInAnyOrder(old + "", dead + "");
            LocalBlobStore.open(root, Clock.systemUTC());
            assertThat(dead).doesNotExist();
            assertThat(old).doesNotExist();
            assertThat(elsewhere).exists();
            Files.delete(elsewhere);
            upload.publish();
        }
        assertThat(store.has(Digest.of(content("mine")))).isTrue();
    }

    @Test
    void afterKillsAtRandomMomentsEveryVisibleBlobIsSound() throws Exception {
        SplittableRandom random = new SplittableRandom(20_260_101);
        int kills = Integer.getInteger("weir.kills", 5);
        for (int i = 0; i < kills; i++) {
            Process child = ChildJvm.start(PutForEver.class, root.toString(), Integer.toString(i));
            child.inputReader().readLine();
            TimeUnit.MILLISECONDS.sleep(random.nextInt(60)); // the moment, not a synchronisation
            child.destroyForcibly().waitFor();
            StoreVerifier.Report report =
                    new StoreVerifier(LocalBlobStore.open(root, Clock.systemUTC()))
                            .verify(Stream.empty());
            assertThat(report.sound()).as("%s after kill %d", report, i).isTrue();
            assertThat(report.blobs()).isPositive();
            assertThat(report.leftovers()).isEmpty();
        }
    }

    /** Puts blobs of all sizes, alone and in groups, until it is killed. */
    static final class PutForEver {
        public static void main(String[] args) {
            LocalBlobStore blobs = LocalBlobStore.open(Path.of(args[0]), Clock.systemUTC());
            SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
            blobs.put(content("first of " + args[1]));
            System.out.println("started");
            while (true) {
                blobs.put(random(random.nextLong(), random.nextInt(3_000_000)));
                try (BlobStore.Upload upload = blobs.upload()) {
                    for (int i = 0; i < 20; i++) {
                        upload.put(random(random.nextLong(), random.nextInt(5_000)));
                    }
                    upload.publish();
                }
            }
        }
    }

    @Test
    void readersSeeNoHalfWrittenBlobWhileOneIsPut() throws IOException {
        byte[] content = random(9, 2_000_000);
        Digest digest = Digest.of(content);
        try (BlobStore.Upload upload = store.upload()) {
            upload.put(content);
            assertThat(store.localPath(digest)).isEmpty();
            assertThat(List.copyOf(all())).isEmpty();
            upload.publish();
        }
        assertThat(store.bytes(digest)).isEqualTo(content);
    }
}
