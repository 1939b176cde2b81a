package dev.weir.pipeline;

import java.util.Set;

/** One node of a pipeline. */
public sealed interface Node permits Step, Transition {
    /** Unique in its pipeline. */
    String name();

    /** The stage that a person finds it under. */
    String stage();

    /** The names of all nodes that must be done before it. */
    Set<String> needs();
}
