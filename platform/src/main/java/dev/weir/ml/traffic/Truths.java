package dev.weir.ml.traffic;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Findings;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.Task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What can be true of a target: one of the classes of a classifier, or any number. */
final class Truths {
    private final Signature signature;
    private final List<String> classes;

    /** Classes that are numbers, since 1 and 1.0 are one. */
    private final Map<Double, String> byNumber = new HashMap<>();

    Truths(Signature signature) {
        this.signature = signature;
        Signature.Classes two = signature.classes();
        this.classes = two == null ? signature.labels() : List.of(two.positive(), two.negative());
        for (String label : classes) {
            parsed(label).ifPresent(number -> byNumber.put(number, label));
        }
    }

    /**
     * A truth as it is kept: a class as the signature spells it.
     *
     * @param row from 1, for the message
     */
    String read(String value, int row, Findings findings) {
        if (signature.task() == Task.REGRESSION) {
            if (parsed(value).isEmpty()) {
                findings.add(misfit(value, row, "a number"));
            }
            return value.strip();
        }
        if (classes.contains(value)) {
            return value;
        }
        OptionalDouble number = parsed(value);
        String label = number.isPresent() ? byNumber.get(number.getAsDouble()) : null;
        if (label == null) {
            String among =
                    classes.size() <= 10
                            ? String.join(", ", classes)
                            : String.join(", ", classes.subList(0, 10)) + ", …";
            findings.add(misfit(value, row, "one of " + among));
            return value;
        }
        return label;
    }

    /** As a number; NaN where truths are labels. */
    double number(String truth) {
        return signature.task() == Task.REGRESSION ? parsed(truth).orElse(Double.NaN) : Double.NaN;
    }

    private Problem misfit(String value, int row, String expected) {
        return Problem.input(
                "outcomes.value",
                "row %d: %s: %s (expected: %s)"
                        .formatted(row, signature.target(), value, expected));
    }

    private static OptionalDouble parsed(String text) {
        try {
            double number = Double.parseDouble(text.strip());
            return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
