package dev.weir.server.inference;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * One tensor of a request as it is read, value by value, row by row: the words and the values may
 * come in any order, so what a value may be is checked when all is there. For one thread.
 */
final class Tensor {
    private static final double[] NO_NUMBERS = {};
    private static final @Nullable String[] NO_TEXTS = {};

    @Nullable String name;
    @Nullable String datatype;
    long @Nullable [] shape;

    /** The size of its bytes behind the JSON, where it has them there. */
    int binaryBytes = -1;

    private double[] numbers = NO_NUMBERS;
    private @Nullable String[] texts = NO_TEXTS;
    private int count;

    /** The first value that is no text, and the first that is no number; 0 is none, from 1. */
    private int firstNumber;

    private int firstText;

    void add(double number) {
        if (firstNumber == 0) {
            firstNumber = count + 1;
        }
        if (firstText != 0) { // texts came before: it is no column of one type, and refused
            count++;
            return;
        }
        numbers = numbers.length > count ? numbers : Arrays.copyOf(numbers, larger(count));
        numbers[count++] = number;
    }

    void add(String text) {
        if (firstText == 0) {
            firstText = count + 1;
        }
        texts = texts.length > count ? texts : Arrays.copyOf(texts, larger(count));
        texts[count++] = text;
    }

    /** A value that is missing, of whatever type the others are. */
    void addMissing() {
        numbers = numbers.length > count ? numbers : Arrays.copyOf(numbers, larger(count));
        texts = texts.length > count ? texts : Arrays.copyOf(texts, larger(count));
        numbers[count] = Double.NaN;
        texts[count++] = null;
    }

    private static int larger(int count) {
        return Math.max(1, count * 2);
    }

    /** How many values were read. */
    int count() {
        return count;
    }

    /**
     * As a column for an input of this name.
     *
     * @throws dev.weir.base.problem.ProblemException where type or shape are not that input's
     */
    Columns.Column column(Input input) {
        checkDatatype(input);
        checkShape(input);
        if (input.datatype().equals("FP64")) {
            if (firstText != 0) {
                throw wrong(input, firstText, "a text (expected: a number)");
            }
            return new Columns.Numbers(count == numbers.length ? numbers : fit(numbers));
        }
        if (firstNumber != 0) {
            throw wrong(input, firstNumber, "a number (expected: a text)");
        }
        return new Columns.Texts(count == texts.length ? texts : Arrays.copyOf(texts, count));
    }

    private double[] fit(double[] values) {
        return Arrays.copyOf(values, count);
    }

    private static RuntimeException wrong(Input input, int value, String what) {
        return Problem.input(
                        "input.type", "%s: value %d is %s".formatted(input.name(), value, what))
                .exception();
    }

    private void checkDatatype(Input input) {
        String given = datatype;
        if (given == null) {
            throw Problem.input(
                            "input.type",
                            "%s: no datatype (expected: %s)"
                                    .formatted(input.name(), input.datatype()))
                    .exception();
        }
        boolean fits =
                switch (given) {
                    case "BYTES" -> input.datatype().equals("BYTES");
                    case "BOOL",
                            "INT8",
                            "INT16",
                            "INT32",
                            "INT64",
                            "UINT8",
                            "UINT16",
                            "UINT32",
                            "UINT64",
                            "FP32",
                            "FP64" ->
                            input.datatype().equals("FP64");
                    default -> false;
                };
        if (!fits) {
            throw Problem.input(
                            "input.type",
                            "%s: datatype %s (expected: %s)"
                                    .formatted(input.name(), given, input.datatype()))
                    .exception();
        }
    }

    private void checkShape(Input input) {
        long[] given = shape;
        if (given == null
                || !(given.length == 1 || (given.length == 2 && given[1] == 1))
                || given[0] < 1) {
            throw Problem.input(
                            "input.shape",
                            "%s: shape %s (expected: [N, 1] or [N], N at least 1)"
                                    .formatted(input.name(), Arrays.toString(given)))
                    .exception();
        }
        if (given[0] != count) {
            throw Problem.input(
                            "input.shape",
                            "%s: %d values (expected: %d, as its shape says)"
                                    .formatted(input.name(), count, given[0]))
                    .exception();
        }
    }
}
