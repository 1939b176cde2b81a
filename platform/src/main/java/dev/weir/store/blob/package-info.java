/**
 * Artifacts: immutable content, named by the SHA-256 of its bytes.
 *
 * <p>What comes in: streams, files and folders. What goes out: a {@link
 * dev.weir.base.digest.Digest}, and for it the same bytes, verified. Start at {@link
 * dev.weir.store.blob.BlobStore} for single blobs and {@link dev.weir.store.blob.Trees} for
 * folders; {@link dev.weir.store.blob.StoreVerifier} finds what is damaged or missing, and {@link
 * dev.weir.store.blob.GarbageCollector} removes what nothing refers to.
 *
 * <pre>{@code
 * BlobStore blobs = LocalBlobStore.open(home.resolve("blobs"), Clock.systemUTC());
 * Trees trees = new Trees(blobs);
 * Digest model = blobs.put(Path.of("model.onnx"));
 * Digest code = trees.putFolder(Path.of("src"), file -> true);
 * trees.checkout(code, attempt.resolve("src"));
 * }</pre>
 *
 * <p>On a local disk a blob is {@code sha256/ab/cdef…}. It is written under a name of its own in
 * {@code incoming/}, synced, renamed, and its folder is synced; so what is visible is whole, and
 * what {@code put} has answered survives a power cut. A folder is a Merkle tree of manifests, one
 * blob each: canonical JSON, {@code {"entries":[{"name","kind","digest","size","executable"}…],
 * "format":"weir-tree/1"}}, entries in the order of their names' code points.
 */
@NullMarked
package dev.weir.store.blob;

import org.jspecify.annotations.NullMarked;
