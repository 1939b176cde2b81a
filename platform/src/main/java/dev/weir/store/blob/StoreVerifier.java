package dev.weir.store.blob;

import dev.weir.base.digest.Digest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
     * @param broken the needed artifacts that are not whole, each with its blobs that are corrupt
     *     or missing
     * @param leftovers what interrupted uploads have left; harmless, and removed when the store is
     *     opened next
     */
    public record Report(
            long blobs,
            long sizeBytes,
            List<Digest> corrupt,
            List<Missing> missing,
            Map<Artifact, Set<Digest>> broken,
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
        Map<Artifact, Set<Digest>> broken = broken(needed, Set.copyOf(corrupt));
        return new Report(
                count, sizeBytes, corrupt, missing(broken, corrupt), broken, blobs.leftovers());
    }

    private Map<Artifact, Set<Digest>> broken(Stream<Artifact> needed, Set<Digest> corrupt) {
        Map<Artifact, Set<Digest>> known = new HashMap<>();
        Map<Artifact, Set<Digest>> broken = new LinkedHashMap<>();
        needed.forEachOrdered(
                root -> {
                    Set<Digest> faults = faults(root, corrupt, known);
                    if (!faults.isEmpty()) {
                        broken.put(root, faults);
                    }
                });
        return broken;
    }

    /** What is wrong in an artifact or below it; what was looked at is not looked at again. */
    private Set<Digest> faults(
            Artifact artifact, Set<Digest> corrupt, Map<Artifact, Set<Digest>> known) {
        Set<Digest> before = known.get(artifact);
        if (before != null) {
            return before;
        }
        Set<Digest> faults = new LinkedHashSet<>();
        if (!blobs.has(artifact.digest()) || corrupt.contains(artifact.digest())) {
            faults.add(artifact.digest());
        } else if (artifact.kind() == Artifact.Kind.FOLDER) {
            for (Manifest.Entry entry : trees.manifest(artifact.digest()).entries()) {
                faults.addAll(faults(new Artifact(entry.kind(), entry.digest()), corrupt, known));
            }
        }
        known.put(artifact, faults);
        return faults;
    }

    private static List<Missing> missing(Map<Artifact, Set<Digest>> broken, List<Digest> corrupt) {
        Map<Digest, Artifact> missing = new LinkedHashMap<>();
        broken.forEach(
                (root, faults) -> faults.forEach(digest -> missing.putIfAbsent(digest, root)));
        corrupt.forEach(missing::remove);
        return missing.entrySet().stream()
                .map(entry -> new Missing(entry.getKey(), entry.getValue()))
                .toList();
    }
}
