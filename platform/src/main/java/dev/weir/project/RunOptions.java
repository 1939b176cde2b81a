package dev.weir.project;

import java.util.Optional;

/**
 * What a person asks of a run besides the pipeline.
 *
 * @param step only this step and what it needs
 * @param from this step and all after it run though their results are known
 * @param force all steps run though their results are known; with a step, only that one
 * @param keepGoing whether what does not depend on a failure still runs
 * @param trigger why: {@code manual}, {@code schedule}, …
 */
public record RunOptions(
        Optional<String> step,
        Optional<String> from,
        boolean force,
        boolean keepGoing,
        String trigger) {
    /** The whole pipeline, by hand. */
    public static final RunOptions MANUAL =
            new RunOptions(Optional.empty(), Optional.empty(), false, false, "manual");
}
