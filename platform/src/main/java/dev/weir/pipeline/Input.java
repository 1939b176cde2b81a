package dev.weir.pipeline;

import dev.weir.store.blob.Artifact;

/** Where an input of a step comes from. */
public sealed interface Input {
    /** Where the step finds it, relative to its directory. */
    String path();

    /** What another step gives. */
    record FromStep(String step, String output, String path) implements Input {}

    /**
     * Content that is in the store before the run.
     *
     * @param label what a person knows it by, for example the path in the project
     */
    record Given(Artifact artifact, String path, String label) implements Input {}
}
