package dev.weir.store.blob;

import dev.weir.base.digest.Digest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads every blob of a store, and everything that is needed, and names what is not as it should
 * be.
 */
public final class StoreVerifier {
    private final BlobStore blobs;
    private final Trees trees;

    public StoreVerifier(BlobStore blobs) {
        this.blobs = blobs;
        this.trees = new Trees(blobs);
    }

    /**
     * What was found.
     *
     * @param blobs how many blobs there are
     * @param sizeBytes how large they are together
     * @param corrupt blobs whose bytes have another digest
     * @param missing blobs that something needs, and that are not there
     * @param leftovers what interrupted uploads have left; harmless, and removed when the store is
     *     opened next
     */
    public record Report(
            long blobs,
            long sizeBytes,
            List<Digest> corrupt,
            List<Missing> missing,
            List<String> leftovers) {
        /** Whether every blob is sound, and none is missing. */
        public boolean sound() {
            return corrupt.isEmpty() && missing.isEmpty();
        }
    }

    /**
     * A blob that is not there.
     *
     * @param digest its name
     * @param neededBy the artifact that needs it, directly or through folders
     */
    public record Missing(Digest digest, Artifact neededBy) {}

    /**
     * Verifies the whole store.
     *
     * @param needed the artifacts that something refers to
     */
    public Report verify(Stream<Artifact> needed) {
        long count = 0;
        long sizeBytes = 0;
        List<Digest> corrupt = new ArrayList<>();
        try (Stream<Digest> all = blobs.all()) {
            for (Digest digest : (Iterable<Digest>) all::iterator) {
                switch (blobs.verify(digest)) {
                    case SOUND -> {
                        count++;
                        sizeBytes +=
                                blobs.stored(digest).map(BlobStore.Stored::sizeBytes).orElse(0L);
                    }
                    case CORRUPT -> {
                        count++;
                        corrupt.add(digest);
                    }
                    case MISSING -> {} // collected in the meantime
                }
            }
        }
        return new Report(count, sizeBytes, corrupt, missing(needed, corrupt), blobs.leftovers());
    }

    private List<Missing> missing(Stream<Artifact> needed, List<Digest> corrupt) {
        Set<Artifact> seen = new HashSet<>();
        Set<Digest> unreadable = new HashSet<>(corrupt);
        List<Missing> missing = new ArrayList<>();
        needed.forEachOrdered(root -> follow(root, root, seen, unreadable, missing));
        return missing;
    }

    private void follow(
            Artifact root,
            Artifact artifact,
            Set<Artifact> seen,
            Set<Digest> unreadable,
            List<Missing> missing) {
        if (!seen.add(artifact)) {
            return;
        }
        if (!blobs.has(artifact.digest())) {
            missing.add(new Missing(artifact.digest(), root));
        } else if (artifact.kind() == Artifact.Kind.FOLDER
                && !unreadable.contains(artifact.digest())) {
            for (Manifest.Entry entry : trees.manifest(artifact.digest()).entries()) {
                follow(root, new Artifact(entry.kind(), entry.digest()), seen, unreadable, missing);
            }
        }
    }
}
