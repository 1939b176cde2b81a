package dev.weir.stage.validate;

import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** A way in which the world spoils the rows that a model gets. */
enum Perturbation {
    /** Numbers move by a normal error, its size in interquartile ranges; whole ones stay whole. */
    NOISE(0.05) {
        @Override
        double number(double value, Ranges ranges, double strength, SplittableRandom random) {
            double moved = value + strength * ranges.interquartile * random.nextGaussian();
            return ranges.whole ? Math.rint(moved) : moved;
        }
    },
    /** A share of the cells is missing. */
    MISSING(0.05) {
        @Override
        double number(double value, Ranges ranges, double strength, SplittableRandom random) {
            return random.nextDouble() < strength ? Double.NaN : value;
        }

        @Override
        @Nullable String text(@Nullable String value, double strength, SplittableRandom random) {
            return random.nextDouble() < strength ? null : value;
        }
    },
    /** A share of the cells of each column is that of another row. */
    SWAP(0.05),
    /** Every number is larger by a share, as from a meter that is out of true. */
    SCALE(0.05) {
        @Override
        double number(double value, Ranges ranges, double strength, SplittableRandom random) {
            double scaled = value * (1 + strength);
            return ranges.whole ? Math.rint(scaled) : scaled;
        }
    },
    /** A share of the texts is one that no row ever had. */
    UNSEEN(0.05) {
        @Override
        @Nullable String text(@Nullable String value, double strength, SplittableRandom random) {
            return random.nextDouble() < strength ? "never seen before" : value;
        }
    },
    /** A share of the numbers lies a whole range beyond what was seen in training. */
    OUT_OF_RANGE(0.05) {
        @Override
        double number(double value, Ranges ranges, double strength, SplittableRandom random) {
            if (random.nextDouble() >= strength) {
                return value;
            }
            double range = ranges.max - ranges.min;
            return random.nextBoolean() ? ranges.max + range : ranges.min - range;
        }
    };

    private final double standard;

    Perturbation(double standard) {
        this.standard = standard;
    }

    /** The key in YAML and JSON. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How strong it is where nothing is said. */
    double standard() {
        return standard;
    }

    /** Whether a model with these inputs can feel it. */
    boolean concerns(Signature signature) {
        boolean numbers = signature.inputs().stream().anyMatch(i -> i instanceof Input.Number);
        boolean texts = signature.inputs().stream().anyMatch(i -> i.datatype().equals("BYTES"));
        return switch (this) {
            case NOISE, SCALE, OUT_OF_RANGE -> numbers;
            case UNSEEN -> texts;
            case MISSING, SWAP -> true;
        };
    }

    /** The rows, spoilt; the same seed spoils them in the same way. */
    Columns of(Columns rows, Signature signature, double strength, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Columns.Column> spoilt = new HashMap<>();
        for (Input input : signature.inputs()) {
            Columns.Column column = rows.byName().get(input.name());
            if (column == null) {
                throw new IllegalStateException("no column " + input.name());
            }
            SplittableRandom own = random.split();
            spoilt.put(
                    input.name(),
                    this == SWAP
                            ? swapped(column, strength, own)
                            : each(column, input, strength, own));
        }
        return new Columns(rows.rows(), spoilt);
    }

    private Columns.Column each(
            Columns.Column column, Input input, double strength, SplittableRandom random) {
        return switch (column) {
            case Columns.Numbers(double[] values) -> {
                Ranges ranges = Ranges.of(values, input);
                double[] changed = new double[values.length];
                for (int i = 0; i < values.length; i++) {
                    changed[i] =
                            Double.isNaN(values[i])
                                    ? Double.NaN
                                    : number(values[i], ranges, strength, random);
                }
                yield new Columns.Numbers(changed);
            }
            case Columns.Texts texts -> {
                @Nullable String[] values = texts.values();
                @Nullable String[] changed = new @Nullable String[values.length];
                for (int i = 0; i < values.length; i++) {
                    changed[i] = text(values[i], strength, random);
                }
                yield new Columns.Texts(changed);
            }
        };
    }

    private static Columns.Column swapped(
            Columns.Column column, double strength, SplittableRandom random) {
        int[] from = new int[column.rows()];
        for (int i = 0; i < from.length; i++) {
            from[i] = random.nextDouble() < strength ? random.nextInt(from.length) : i;
        }
        return switch (column) {
            case Columns.Numbers(double[] values) ->
                    new Columns.Numbers(Arrays.stream(from).mapToDouble(i -> values[i]).toArray());
            case Columns.Texts texts -> {
                @Nullable String[] values = texts.values();
                @Nullable String[] changed = new @Nullable String[from.length];
                Arrays.setAll(changed, i -> values[from[i]]);
                yield new Columns.Texts(changed);
            }
        };
    }

    double number(double value, Ranges ranges, double strength, SplittableRandom random) {
        return value;
    }

    @Nullable String text(@Nullable String value, double strength, SplittableRandom random) {
        return value;
    }

    /**
     * How a column's numbers lie.
     *
     * @param min the smallest that the model saw in training
     * @param max the largest
     * @param whole whether all are whole numbers
     */
    record Ranges(double interquartile, double min, double max, boolean whole) {
        static Ranges of(double[] values, Input input) {
            double[] sorted =
                    Arrays.stream(values).filter(value -> !Double.isNaN(value)).sorted().toArray();
            int n = sorted.length;
            double interquartile = n == 0 ? 0 : sorted[3 * (n - 1) / 4] - sorted[(n - 1) / 4];
            double min = n == 0 ? 0 : sorted[0];
            double max = n == 0 ? 0 : sorted[n - 1];
            if (input instanceof Input.Number number) {
                min = number.min();
                max = number.max();
            }
            return new Ranges(
                    interquartile,
                    min,
                    max,
                    Arrays.stream(sorted).allMatch(value -> value == Math.rint(value)));
        }
    }
}
