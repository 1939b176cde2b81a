package dev.weir.ml.gate;

import java.util.OptionalDouble;

/** The value that a gate looked at. */
public sealed interface Observed {
    /**
     * A figure.
     *
     * @param number finite
     * @param unit as it is shown behind the figure, or its spread; empty where there is none
     */
    record Figure(double number, String unit) implements Observed {}

    /** Words, where a figure does not tell it. */
    record Words(String words) implements Observed {}

    /** There was none. */
    record Nothing() implements Observed {}

    /** The figure, where it is one. */
    default OptionalDouble figure() {
        return this instanceof Figure figure
                ? OptionalDouble.of(figure.number())
                : OptionalDouble.empty();
    }

    /** As a person reads it. */
    default String text() {
        return switch (this) {
            case Figure figure -> Figures.text(figure.number(), figure.unit());
            case Words words -> words.words();
            case Nothing ignored -> "none";
        };
    }
}
