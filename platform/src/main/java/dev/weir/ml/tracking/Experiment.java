package dev.weir.ml.tracking;

import java.time.Instant;

/**
 * A named set of runs.
 *
 * @param id decimal; {@code 0} is {@code Default}, which every workspace has
 * @param name unique in the workspace, deleted ones included
 * @param artifactLocation where its runs keep artifacts; empty for the store of this home
 */
public record Experiment(
        String id,
        String name,
        Lifecycle lifecycle,
        String artifactLocation,
        Instant created,
        Instant updated) {}
