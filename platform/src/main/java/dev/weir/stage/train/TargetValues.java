package dev.weir.stage.train;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Signature;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Which of the values of a target is the positive class, and what speaks against two classes. */
final class TargetValues {
    /** Half: with scores that are probabilities, the more probable class is decided for. */
    private static final double THRESHOLD = 0.5;

    private TargetValues() {}

    /**
     * The classes of a binary target.
     *
     * @param target the column, for messages
     * @param values its distinct values as text, in order, without nulls; of many, a few are enough
     * @param positive as a person wrote it; null for the last of the values
     * @throws dev.weir.base.problem.ProblemException (INPUT) where there are not two classes, or
     *     the positive one never occurs
     */
    static Signature.Classes classes(
            String target, List<String> values, @Nullable String positive) {
        switch (values.size()) {
            case 0 -> throw allNull(target);
            case 1 ->
                    throw Problem.input(
                                    "target.one_class",
                                    target
                                            + ": only the value '"
                                            + values.getFirst()
                                            + "' (expected: two values)")
                            .hint("A model that tells one class from another needs rows of both.")
                            .exception();
            case 2 -> {}
            default ->
                    throw Problem.input(
                                    "target.many_classes",
                                    target
                                            + ": more than two values ('"
                                            + String.join("', '", values.subList(0, 3))
                                            + "', …) (expected: two)")
                            .hint(
                                    "Check the spelling of its values; for many classes say task:"
                                            + " multiclass, to predict a number task: regression.")
                            .exception();
        }
        String first = values.get(0);
        String second = values.get(1);
        if (positive == null || same(positive, second)) {
            return new Signature.Classes(second, first, THRESHOLD);
        }
        if (same(positive, first)) {
            return new Signature.Classes(first, second, THRESHOLD);
        }
        throw Problem.input(
                        "target.positive",
                        target
                                + ": no row has the positive value '"
                                + positive
                                + "' (expected: '"
                                + first
                                + "' or '"
                                + second
                                + "')")
                .hint(DidYouMean.hint(positive, values))
                .exception();
    }

    static RuntimeException allNull(String target) {
        return Problem.input(
                        "target.all_null",
                        target + ": every value is missing (expected: some values)")
                .exception();
    }

    /** Equal as texts, or as numbers: a person writes 1 where the table has 1.0. */
    private static boolean same(String a, String b) {
        if (a.equalsIgnoreCase(b) && (a.equals(b) || b.equals("true") || b.equals("false"))) {
            return true;
        }
        try {
            return Double.parseDouble(a) == Double.parseDouble(b);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
