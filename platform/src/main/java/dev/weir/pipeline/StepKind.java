package dev.weir.pipeline;

import tools.jackson.databind.JsonNode;

/** What a step does. Kinds plug in from above; a kind keeps no state between attempts. */
public interface StepKind {
    /** Name and version of the implementation, {@code ingest/1}: part of the key. */
    String id();

    /** Further text that decides the result and stands in no other place, such as a command. */
    default String command() {
        return "";
    }

    /**
     * How inputs reach the step: laid into its directory as files of its own, or as paths into the
     * store that a kind of Weir's own reads and never writes.
     */
    default boolean readsStore() {
        return false;
    }

    /**
     * Computes, in a directory of its own, and writes every declared output.
     *
     * @return the evidence
     * @throws dev.weir.base.problem.ProblemException when the step fails; kind {@code STEP} may be
     *     tried again, every other kind is final
     * @throws InterruptedException when it was told to stop
     */
    JsonNode run(Attempt attempt) throws InterruptedException;
}
