package dev.weir.store.blob;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the errors of a disk mean to a person. */
final class Faults {
    private Faults() {}

    /**
     * A write that failed.
     *
     * @param neededBytes how much was to be written, or a negative number where that is not known
     */
    static ProblemException writing(Path where, long neededBytes, IOException error) {
        String words = String.valueOf(error.getMessage());
        if (words.contains("No space left") || words.contains("quota exceeded")) {
            return Problem.step(
                            "store.no-space",
                            where
                                    + ": no space left on its disk ("
                                    + (neededBytes < 0 ? "" : neededBytes + " bytes needed, ")
                                    + free(where)
                                    + ")")
                    .hint("Free some space, or remove what nothing refers to: weir store gc")
                    .exception(error);
        }
        if (error instanceof AccessDeniedException || words.contains("Read-only file system")) {
            return Problem.refused(
                            "store.read-only",
                            where + ": cannot be written (expected: a folder that may be written)")
                    .hint("Check the permissions of the folder and the mount.")
                    .exception(error);
        }
        return Problem.step("store.io", where + ": the disk failed: " + words).exception(error);
    }

    private static String free(Path where) {
        Path there = where.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            return Files.getFileStore(there).getUsableSpace() + " free";
        } catch (IOException e) {
            return "free space unknown: " + e.getMessage();
        }
    }

    static ProblemException reading(Path what, IOException error) {
        return Problem.step(
                        "store.io",
                        what + ": cannot be read: " + String.valueOf(error.getMessage()))
                .exception(error);
    }

    static ProblemException source(String what, IOException error) {
        return Problem.input("file.unreadable", what + ": cannot be read (" + error + ")")
                .exception(error);
    }

    static ProblemException missing(Digest digest) {
        return Problem.step("store.missing", "blob " + digest + ": not in the store").exception();
    }

    static ProblemException corrupt(Digest digest, Digest found) {
        return Problem.step(
                        "store.corrupt",
                        "blob %s: corrupt, its bytes have the digest %s".formatted(digest, found))
                .hint("Find all that are: weir store verify")
                .exception();
    }
}
