package dev.weir.project;

import java.util.OptionalInt;

/**
 * What a person asks of a sweep besides the file.
 *
 * @param trials how many configurations; what the file says where it is empty
 * @param jobs how many trials side by side; as many as the machine has cores and memory for where
 *     it is empty
 */
public record SweepOptions(OptionalInt trials, OptionalInt jobs) {
    /** As the file says. */
    public static final SweepOptions DEFAULT =
            new SweepOptions(OptionalInt.empty(), OptionalInt.empty());
}
