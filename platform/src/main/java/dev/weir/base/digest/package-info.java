/**
 * Names for content. {@link dev.weir.base.digest.Digest} is the SHA-256 of bytes and the one name
 * that an artifact has; {@link dev.weir.base.digest.CanonicalJson} gives a JSON value its one
 * encoding (RFC 8785), so that equal values have equal digests, and {@link
 * dev.weir.base.digest.JsonTree} reads it.
 */
@NullMarked
package dev.weir.base.digest;

import org.jspecify.annotations.NullMarked;
