package dev.weir.store.blob;

import dev.weir.base.digest.Digest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Removes blobs that nothing needs. Safe beside running writers: what was put within the grace
 * period stays, also where its bytes were there before, so that a writer has this long from its
 * {@code put} to the commit that refers to it.
 */
public final class GarbageCollector {
    private final BlobStore blobs;
    private final Trees trees;
    private final Clock clock;

    public GarbageCollector(BlobStore blobs, Clock clock) {
        this.blobs = blobs;
        this.trees = new Trees(blobs);
        this.clock = clock;
    }

    /**
     * What was, or would be, removed.
     *
     * @param removed the blobs, in the order of their digests
     * @param sizeBytes how large they are together
     * @param kept how many blobs stay
     */
    public record Report(List<Digest> removed, long sizeBytes, long kept) {}

    /**
     * Removes what nothing needs and was put before the grace period.
     *
     * @param needed the artifacts that something refers to; asked after the candidates have been
     *     listed, so that no reference made in between is missed
     * @param grace how long a blob stays without a reference
     * @throws dev.weir.base.problem.ProblemException where the manifest of a needed folder is
     *     missing or corrupt: what it needs cannot be told, and nothing is removed
     */
    public Report collect(Supplier<Stream<Artifact>> needed, Duration grace) {
        return collect(needed, grace, true);
    }

    /** As {@link #collect}, and removes nothing. */
    public Report dryRun(Supplier<Stream<Artifact>> needed, Duration grace) {
        return collect(needed, grace, false);
    }

    private Report collect(Supplier<Stream<Artifact>> needed, Duration grace, boolean remove) {
        Instant cutoff = clock.instant().minus(grace);
        Map<Digest, Long> candidates = new LinkedHashMap<>();
        long count = 0;
        try (Stream<Digest> all = blobs.all()) {
            for (Digest digest : (Iterable<Digest>) all::iterator) {
                count++;
                blobs.stored(digest)
                        .filter(blob -> blob.putAt().isBefore(cutoff))
                        .ifPresent(blob -> candidates.put(digest, blob.sizeBytes()));
            }
        }
        Set<Digest> reachable = new HashSet<>();
        try (Stream<Artifact> roots = needed.get()) {
            roots.forEach(root -> trees.reach(root, reachable));
        }
        candidates.keySet().removeAll(reachable);
        List<Digest> removed = new ArrayList<>();
        long sizeBytes = 0;
        for (Map.Entry<Digest, Long> candidate : candidates.entrySet()) {
            if (!remove || blobs.deleteUnlessPutSince(candidate.getKey(), cutoff)) {
                removed.add(candidate.getKey());
                sizeBytes += candidate.getValue();
            }
        }
        return new Report(removed, sizeBytes, count - removed.size());
    }
}
