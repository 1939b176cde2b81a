package dev.weir.ml.data;

import dev.weir.base.digest.Digest;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;

/**
 * One immutable content of a dataset.
 *
 * @param number 1 or more; never used again
 * @param digest of the table's artifact
 * @param schema columns and their types
 * @param profile the digest of the profile's artifact
 * @param baseline the digest of the baseline's artifact; null where none was taken
 * @param source where the rows came from, for people
 * @param runId the run that made it first, if one did
 */
public record DatasetVersion(
        String name,
        long number,
        Digest digest,
        JsonNode schema,
        Digest profile,
        @Nullable Digest baseline,
        long rows,
        String source,
        @Nullable String runId,
        Instant created) {
    /** {@code adult:2}. */
    public String ref() {
        return name + ":" + number;
    }

    /** As a recipe's link of the data: the digest says all; the rest is for people. */
    public ObjectNode link() {
        ObjectNode link = JsonNodeFactory.instance.objectNode();
        link.put("dataset", name);
        link.put("version", number);
        link.put("digest", digest.hex());
        link.put("rows", rows);
        link.put("source", source);
        return link;
    }
}
