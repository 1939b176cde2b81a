package dev.weir.ml.tracking.search;

import java.util.Optional;
import java.util.OptionalDouble;

/** Something that a filter is asked about, one by one. */
public interface Subject {
    /** The text of a field; empty where it lacks the key. */
    Optional<String> text(Field field);

    /** The number of a field; empty where it lacks the key. */
    OptionalDouble number(Field field);
}
