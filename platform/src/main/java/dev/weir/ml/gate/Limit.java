package dev.weir.ml.gate;

/**
 * The bound of a gate, so that what two versions were asked for can be compared.
 *
 * @param number inclusive, in the unit of the figure
 * @param better the side that passes
 */
public record Limit(double number, Rule.Better better) {
    /** Whether this asks for less than another did. */
    boolean easierThan(Limit other) {
        return better == other.better
                && switch (better) {
                    case HIGHER -> number < other.number;
                    case LOWER -> number > other.number;
                };
    }
}
