package dev.weir.ml.tracking;

import dev.weir.base.digest.Digest;

/**
 * A file that a client keeps.
 *
 * @param digest its name in the store
 */
public record ArtifactFile(ArtifactPath path, Digest digest, long sizeBytes) {}
