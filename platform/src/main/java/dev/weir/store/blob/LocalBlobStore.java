package dev.weir.store.blob;

import dev.weir.base.digest.Digest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Blobs on a local disk: {@code sha256/ab/cdef…}, read-only, each written once. */
public final class LocalBlobStore implements BlobStore {
    static final int BUFFER_BYTES = 1 << 17;

    private final Path blobs;
    private final Path root;
    private final Incoming incoming;
    private final Disk disk;
    private final Clock clock;

    LocalBlobStore(Path root, Clock clock, Disk disk) {
        this.root = root;
        this.blobs = root.resolve("sha256");
        this.incoming = new Incoming(root, disk);
        this.clock = clock;
        this.disk = disk;
    }

    /**
     * Opens the store in a folder, which is made when the first blob is put, and removes what dead
     * processes have left half-written in it.
     */
    public static LocalBlobStore open(Path folder, Clock clock) {
        LocalBlobStore store = new LocalBlobStore(folder, clock, new Disk.Real());
        if (Files.isWritable(folder)) {
            store.sweep();
        }
        return store;
    }

    private void sweep() {
        try {
            for (Path file : incoming.forsaken(clock.instant())) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw Faults.writing(incoming.folder(), -1, e);
        }
    }

    @Override
    public Upload upload() {
        return new LocalUpload(this, incoming, disk, root);
    }

    Path path(Digest digest) {
        return blobs.resolve(digest.hex().substring(0, 2)).resolve(digest.hex().substring(2));
    }

    /**
     * Whether this blob is there and sound, however often its bytes come; from now on it counts as
     * put just now, so that a collector leaves it to whoever puts it.
     */
    boolean putAgain(Digest digest, long sizeBytes) throws IOException {
        Path blob = path(digest);
        try {
            if (!Files.exists(blob) || Files.size(blob) != sizeBytes) {
                return false;
            }
            Files.setLastModifiedTime(blob, FileTime.from(clock.instant()));
            return Digest.ofFile(blob).equals(digest);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public boolean has(Digest digest) {
        return Files.exists(path(digest));
    }

    @Override
    public long size(Digest digest) {
        return of(digest, Files::size);
    }

    @Override
    public Optional<Stored> stored(Digest digest) {
        Path blob = path(digest);
        try {
            BasicFileAttributes is = Files.readAttributes(blob, BasicFileAttributes.class);
            return Optional.of(new Stored(is.size(), is.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Faults.reading(blob, e);
        }
    }

    @Override
    public InputStream open(Digest digest) {
        return new VerifyingStream(of(digest, Files::newInputStream), digest);
    }

    @Override
    public byte[] bytes(Digest digest) {
        byte[] content = of(digest, Files::readAllBytes);
        Digest found = Digest.of(content);
        if (!found.equals(digest)) {
            throw Faults.corrupt(digest, found);
        }
        return content;
    }

    private interface Reading<T> {
        T of(Path blob) throws IOException;
    }

    private <T> T of(Digest digest, Reading<T> reading) {
        Path blob = path(digest);
        try {
            return reading.of(blob);
        } catch (NoSuchFileException e) {
            throw Faults.missing(digest);
        } catch (IOException e) {
            throw Faults.reading(blob, e);
        }
    }

    @Override
    public void copyTo(Digest digest, Path target) {
        long sizeBytes = size(digest);
        try (InputStream in = of(digest, Files::newInputStream);
                OutputStream out = newFile(target)) {
            MessageDigest sha256 = Digest.sha256();
            try {
                copy(in, out, sha256, buffer(sizeBytes));
            } catch (IOException e) {
                remove(target);
                throw Faults.writing(target, sizeBytes, e);
            }
            Digest found = Digest.finish(sha256);
            if (!found.equals(digest)) {
                remove(target);
                throw Faults.corrupt(digest, found);
            }
        } catch (IOException e) {
            throw Faults.writing(target, sizeBytes, e);
        }
    }

    private static OutputStream newFile(Path target) throws IOException {
        return Files.newOutputStream(
                target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Faults.writing(file, -1, e);
        }
    }

    /** Copies to the end, gathers the digest, and tells how many bytes there were. */
    static long copy(InputStream in, OutputStream out, MessageDigest sha256, byte[] buffer)
            throws IOException {
        long copied = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            sha256.update(buffer, 0, n);
            out.write(buffer, 0, n);
            copied += n;
        }
        return copied;
    }

    static byte[] buffer(long sizeBytes) {
        return new byte[(int) Math.clamp(sizeBytes, 1 << 9, BUFFER_BYTES)];
    }

    @Override
    public Optional<Path> localPath(Digest digest) {
        return has(digest) ? Optional.of(path(digest)) : Optional.empty();
    }

    @Override
    public Stream<Digest> all() {
        if (!Files.isDirectory(blobs)) {
            return Stream.empty();
        }
        return names(blobs)
                .flatMap(
                        prefix ->
                                names(blobs.resolve(prefix))
                                        .map(prefix::concat)
                                        .filter(Digest::wellFormed)
                                        .map(Digest::new));
    }

    private static Stream<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        } catch (IOException e) {
            throw Faults.reading(folder, e);
        }
    }

    @Override
    public Condition verify(Digest digest) {
        Path blob = path(digest);
        try {
            return Digest.ofFile(blob).equals(digest) ? Condition.SOUND : Condition.CORRUPT;
        } catch (NoSuchFileException e) {
            return Condition.MISSING;
        } catch (IOException e) {
            throw Faults.reading(blob, e);
        }
    }

    @Override
    public void delete(Digest digest) {
        remove(path(digest));
    }

    /**
     * The blob is first given another name. Whoever puts its bytes from then on finds none, and
     * writes them anew; who did so before has left a new time on it, and it gets its name back.
     */
    @Override
    public boolean deleteUnlessPutSince(Digest digest, Instant cutoff) {
        Path blob = path(digest);
        try {
            if (!Files.exists(blob) || putSince(blob, cutoff)) {
                return false;
            }
            Incoming.Draft draft = incoming.create();
            draft.out().close();
            disk.move(blob, draft.file());
            if (putSince(draft.file(), cutoff)) {
                disk.move(draft.file(), blob);
                return false;
            }
            Files.deleteIfExists(draft.file());
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Faults.writing(blob, -1, e);
        }
    }

    private static boolean putSince(Path file, Instant cutoff) throws IOException {
        return !Files.getLastModifiedTime(file).toInstant().isBefore(cutoff);
    }

    @Override
    public List<String> leftovers() {
        try {
            return incoming.forsaken(clock.instant()).stream().map(Path::toString).toList();
        } catch (IOException e) {
            throw Faults.reading(incoming.folder(), e);
        }
    }
}
