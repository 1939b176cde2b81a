package dev.weir.ml.traffic;

import org.jspecify.annotations.Nullable;

/**
 * How a prediction log fares, since it was opened.
 *
 * @param written rows that are in the file
 * @param full rows that were dropped because they came faster than they were written
 * @param tooLarge rows that were dropped because one alone is larger than the log takes
 * @param failed rows that were dropped because they could not be written
 * @param sampledOut rows that the policy's sampling left out; these are not counted as dropped
 * @param failing why nothing can be written now, in words: a full disk; null where all is well
 */
public record LogHealth(
        long written,
        long full,
        long tooLarge,
        long failed,
        long sampledOut,
        @Nullable String failing) {

    /** Rows that should have been written and were not. */
    public long dropped() {
        return full + tooLarge + failed;
    }
}
