package dev.weir.store.blob;

import dev.weir.base.digest.Digest;

import java.util.Locale;

/**
 * The name of an immutable content in the store.
 *
 * @param kind whether the digest names a file's bytes or a folder's manifest
 * @param digest the name
 */
public record Artifact(Kind kind, Digest digest) {
    /** A file's bytes, or a folder with all that is in it. */
    public enum Kind {
        FILE,
        FOLDER;

        /** {@code file} or {@code folder}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String word) {
            return switch (word) {
                case "file" -> FILE;
                case "folder" -> FOLDER;
                default ->
                        throw new IllegalArgumentException(
                                "kind: " + word + " (expected: file or folder)");
            };
        }
    }

    /** A file's bytes. */
    public static Artifact file(Digest digest) {
        return new Artifact(Kind.FILE, digest);
    }

    /** A folder, by its manifest. */
    public static Artifact folder(Digest digest) {
        return new Artifact(Kind.FOLDER, digest);
    }

    /** The artifact that {@link #toString} wrote: {@code file:…} or {@code folder:…}. */
    public static Artifact parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "artifact: " + text + " (expected: file:DIGEST or folder:DIGEST)");
        }
        return new Artifact(
                Kind.of(text.substring(0, colon)), new Digest(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return kind.word() + ":" + digest;
    }
}
