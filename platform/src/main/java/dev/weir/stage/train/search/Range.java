package dev.weir.stage.train.search;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** What one hyper-parameter may be in a search. */
public sealed interface Range {
    /** As good as no end of values. */
    long MANY = Long.MAX_VALUE;

    /**
     * The value at a place.
     *
     * @param place from 0 to below 1, even
     */
    JsonNode at(double place);

    /** How many different values there are; {@link #MANY} of real numbers. */
    long values();

    /** The values at its ends, or all of a list: where the trainer takes these it takes all. */
    List<JsonNode> ends();

    /**
     * Whole numbers.
     *
     * @param min inclusive
     * @param max inclusive, above min
     * @param logarithmic whether each order of magnitude is as likely as the next
     */
    record Whole(long min, long max, boolean logarithmic) implements Range {
        @Override
        public JsonNode at(double place) {
            long value =
                    logarithmic
                            ? (long) StrictMath.floor(power(min, max + 1.0, place))
                            : min + (long) (place * (max - min + 1));
            return JsonNodeFactory.instance.numberNode(Math.clamp(value, min, max));
        }

        @Override
        public long values() {
            return max - min + 1;
        }

        @Override
        public List<JsonNode> ends() {
            return List.of(
                    JsonNodeFactory.instance.numberNode(min),
                    JsonNodeFactory.instance.numberNode(max));
        }
    }

    /**
     * Numbers, of which four digits count: more say nothing.
     *
     * @param min inclusive
     * @param max inclusive, above min
     * @param logarithmic whether each order of magnitude is as likely as the next
     */
    record Real(double min, double max, boolean logarithmic) implements Range {
        private static final MathContext DIGITS = new MathContext(4);

        @Override
        public JsonNode at(double place) {
            double value = logarithmic ? power(min, max, place) : min + place * (max - min);
            double shown = BigDecimal.valueOf(value).round(DIGITS).doubleValue();
            return JsonNodeFactory.instance.numberNode(Math.clamp(shown, min, max));
        }

        @Override
        public long values() {
            return MANY;
        }

        @Override
        public List<JsonNode> ends() {
            return List.of(
                    JsonNodeFactory.instance.numberNode(min),
                    JsonNodeFactory.instance.numberNode(max));
        }
    }

    /**
     * One of some values.
     *
     * @param choices at least two, distinct
     */
    record Choice(List<JsonNode> choices) implements Range {
        public Choice {
            choices = List.copyOf(choices);
        }

        @Override
        public JsonNode at(double place) {
            return choices.get((int) (place * choices.size()));
        }

        @Override
        public long values() {
            return choices.size();
        }

        @Override
        public List<JsonNode> ends() {
            return choices;
        }
    }

    /** The same bits on every machine: {@link StrictMath}. */
    private static double power(double min, double max, double place) {
        return StrictMath.exp(
                StrictMath.log(min) + place * (StrictMath.log(max) - StrictMath.log(min)));
    }
}
