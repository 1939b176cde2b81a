package dev.weir.stage.deploy;

import dev.weir.base.digest.Digest;
import dev.weir.ml.model.Scorer;

/**
 * A model, opened.
 *
 * @param content the digest of its folder
 * @param scorer closed by who serves it
 */
public record OpenedModel(Digest content, Scorer scorer) {}
