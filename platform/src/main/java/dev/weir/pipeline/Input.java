package dev.weir.pipeline;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.store.blob.Artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** Where an input of a step comes from. */
public sealed interface Input {
    /**
     * Where the step finds it, relative to its directory; part of the key. Empty for what a step
     * reads where it lies.
     */
    String path();

    /** What another step gives. */
    record FromStep(String step, String output, String path) implements Input {}

    /**
     * Content that is in the store before the run.
     *
     * @param label what a person knows it by, for example the path in the project
     */
    record Given(Artifact artifact, String path, String label) implements Input {}

    /**
     * A big file outside the store, which a kind of Weir's own reads where it lies. That it is the
     * same file before and after is checked by its size and time.
     */
    record InPlace(Digest digest, Path file, long sizeBytes, FileTime modified) implements Input {
        /** A file as it is now. */
        public static InPlace of(Path file, Digest digest) throws IOException {
            return new InPlace(digest, file, Files.size(file), Files.getLastModifiedTime(file));
        }

        @Override
        public String path() {
            return "";
        }

        void requireUnchanged() throws IOException {
            if (!Files.exists(file)
                    || Files.size(file) != sizeBytes
                    || !Files.getLastModifiedTime(file).equals(modified)) {
                throw Problem.step("input.changed", file + " was changed while it was read")
                        .hint("Run again when nobody writes to it.")
                        .exception();
            }
        }
    }
}
