package dev.weir.store.blob;

import dev.weir.base.digest.Digest;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Immutable bytes by their digest. Any number of threads and processes use one store at once.
 *
 * <p>What {@code put} has answered is there, right and durable. All methods throw {@link
 * dev.weir.base.problem.ProblemException}: {@code store.no-space}, {@code store.io}, {@code
 * store.read-only}, {@code store.corrupt} and {@code store.missing} name the blob or the folder.
 */
public interface BlobStore {
    /** What a blob is found to be. */
    enum Condition {
        /** Its bytes have its digest. */
        SOUND,
        /** Its bytes have another digest. */
        CORRUPT,
        /** There is none. */
        MISSING
    }

    /** Starts to put several blobs, which costs much less than to put them one by one. */
    Upload upload();

    /** Puts all bytes of a stream, which stays open. */
    default Digest put(InputStream content) {
        try (Upload upload = upload()) {
            Digest digest = upload.put(content).digest();
            upload.publish();
            return digest;
        }
    }

    /** Puts the bytes of a file. */
    default Digest put(Path file) {
        try (Upload upload = upload()) {
            Digest digest = upload.put(file).digest();
            upload.publish();
            return digest;
        }
    }

    /** Puts bytes. */
    default Digest put(byte[] content) {
        try (Upload upload = upload()) {
            Digest digest = upload.put(content).digest();
            upload.publish();
            return digest;
        }
    }

    /** Whether there is a blob of this name; whether it is sound, {@link #verify} tells. */
    boolean has(Digest digest);

    /** Its size in bytes. */
    long size(Digest digest);

    /**
     * Its bytes. The stream verifies them as it goes: at the end of a corrupt blob, {@code read}
     * throws {@code store.corrupt}.
     */
    InputStream open(Digest digest);

    /** Its bytes, verified. */
    byte[] bytes(Digest digest);

    /** Writes its bytes to a new file, verified; on any failure the file is gone again. */
    void copyTo(Digest digest, Path target);

    /**
     * Where it lies as a file, for readers in this process that need one. They do not change it, do
     * not keep the path, and are not protected from a corrupt blob.
     */
    Optional<Path> localPath(Digest digest);

    /** All blobs, in the order of their digests. To be closed. */
    Stream<Digest> all();

    /** Its size, and when it was last put; empty where there is none. */
    Optional<Stored> stored(Digest digest);

    /** Reads it whole, and tells how it is. */
    Condition verify(Digest digest);

    /** Removes a blob, if there is one. */
    void delete(Digest digest);

    /**
     * Removes a blob, unless it was put at or after {@code cutoff}; safe beside a {@code put} of
     * the same bytes.
     *
     * @return whether it was removed
     */
    boolean deleteUnlessPutSince(Digest digest, Instant cutoff);

    /** What interrupted uploads have left behind, as a person would look for it. */
    List<String> leftovers();

    /** Several blobs on their way into the store; none is there before {@link #publish}. */
    interface Upload extends AutoCloseable {
        /** Takes all bytes of a stream, which stays open. */
        Put put(InputStream content);

        /** Takes the bytes of a file. */
        Put put(Path file);

        /** Takes bytes. */
        Put put(byte[] content);

        /** Makes all that was taken visible and durable. */
        void publish();

        /** Drops what was not published. */
        @Override
        void close();
    }

    /**
     * A blob in the store.
     *
     * @param sizeBytes its size
     * @param putAt when its bytes were last put, be it that they were there already
     */
    record Stored(long sizeBytes, Instant putAt) {}

    /**
     * What was taken.
     *
     * @param digest its name
     * @param sizeBytes its size
     */
    record Put(Digest digest, long sizeBytes) {}
}
