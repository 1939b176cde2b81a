package dev.weir.ml.registry;

/** What a request expects to be in production when it is carried out. */
public sealed interface Production {
    /** Whatever is there. */
    record Whatever() implements Production {}

    /** Nothing yet. */
    record None() implements Production {}

    /** This version. */
    record Version(long version) implements Production {}
}
