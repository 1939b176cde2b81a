package dev.weir.ml.data;

import dev.weir.base.digest.Digest;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Content that may be a new version of a dataset.
 *
 * @param name the dataset's; made where there is none
 * @param digest of the table's artifact: the same digest is the same version
 * @param schema columns and their types
 * @param profile the digest of the profile's artifact
 * @param baseline the digest of the baseline's artifact, see {@link
 *     dev.weir.ml.stats.drift.Baseline}; null where none was taken
 * @param source where the rows came from, for people; without personal data
 * @param runId the run that made it, if one did
 */
public record DatasetCandidate(
        String name,
        Digest digest,
        JsonNode schema,
        Digest profile,
        @Nullable Digest baseline,
        long rows,
        String source,
        @Nullable String runId) {}
