package dev.weir.pipeline;

/** Shows a person what a run is doing. Called on the engine's thread; must not block. */
public interface Progress {
    /** Nobody looks. */
    Progress SILENT = new Progress() {};

    /** A step starts; {@code attempt} counts from 1. */
    default void started(Step step, int attempt) {}

    /** A step ended, or was found in the cache. */
    default void ended(StepReport report) {}

    /** Something that a person wants to know while it waits. */
    default void note(String sentence) {}
}
