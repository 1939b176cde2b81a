package dev.weir.stage.train;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.matrix.FeatureColumn;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * What a target can be. Of two classes and more, the table's values are numbered; the model knows
 * those that occur in the rows it is trained on.
 *
 * @param values of many classes all values of the table, by UTF-8; else empty
 */
record TargetClasses(TrainJob job, Signature.@Nullable Classes two, List<String> values) {
    /** More classes than this are rather names of rows. */
    static final int MOST_CLASSES = 1_000;

    /**
     * The classes of a job's target.
     *
     * @param values of the target as text, at most one more than {@link #MOST_CLASSES}
     * @throws dev.weir.base.problem.ProblemException (INPUT) where there are too few or too many
     */
    static TargetClasses of(TrainJob job, List<String> values) {
        return switch (job.task()) {
            case REGRESSION -> new TargetClasses(job, null, List.of());
            case BINARY ->
                    new TargetClasses(
                            job,
                            TargetValues.classes(job.target(), values, job.positive()),
                            List.of());
            case MULTICLASS -> {
                if (values.isEmpty()) {
                    throw TargetValues.allNull(job.target());
                }
                if (values.size() < 3 || values.size() > MOST_CLASSES) {
                    throw Problem.input(
                                    "target.classes",
                                    "%s has %s values (expected: 3 to %,d, for many classes)"
                                            .formatted(
                                                    job.target(),
                                                    values.size() > MOST_CLASSES
                                                            ? "more"
                                                            : "only " + values.size(),
                                                    MOST_CLASSES))
                            .hint("Of two values say task: binary, of numbers task: regression.")
                            .exception();
                }
                yield new TargetClasses(
                        job, null, values.stream().sorted(Input.Category.BY_UTF8).toList());
            }
        };
    }

    /** How the target is read. */
    FeatureColumn column() {
        if (two != null) {
            return new FeatureColumn.Categorical(
                    job.target(), List.of(two.negative(), two.positive()));
        }
        return values.isEmpty()
                ? new FeatureColumn.Numeric(job.target())
                : new FeatureColumn.Categorical(job.target(), values);
    }

    /**
     * The signature of the model.
     *
     * @param labels of the rows to train on, as {@link #column} numbers them; of many classes they
     *     are numbered anew, by what occurs
     * @throws dev.weir.base.problem.ProblemException (INPUT) where a class of two, or all but two
     *     of many, do not occur
     */
    Signature signature(List<Input> inputs, float[] labels) {
        return switch (job.task()) {
            case REGRESSION -> Signature.regression(job.target(), inputs);
            case BINARY -> {
                Signature.Classes classes = Objects.requireNonNull(two);
                checkBoth(labels, classes);
                yield Signature.binary(job.target(), inputs, classes);
            }
            case MULTICLASS -> Signature.multiclass(job.target(), inputs, used(labels));
        };
    }

    /** The classes that occur, in order; renumbers the labels. */
    private List<String> used(float[] labels) {
        BitSet occurring = new BitSet();
        for (float label : labels) {
            occurring.set((int) label);
        }
        List<String> used = new ArrayList<>();
        float[] places = new float[values.size()];
        Arrays.fill(places, Float.NaN);
        for (int k = 0; k < places.length; k++) {
            if (occurring.get(k)) {
                places[k] = used.size();
                used.add(values.get(k));
            }
        }
        if (used.size() < 3) {
            throw Problem.input(
                            "target.few_classes",
                            "%s: the rows to train on have %d of its %d values (expected: at least 3)"
                                    .formatted(job.target(), used.size(), values.size()))
                    .hint("The others are held out: see train.holdout.")
                    .exception();
        }
        for (int i = 0; i < labels.length; i++) {
            labels[i] = places[(int) labels[i]];
        }
        return used;
    }

    private void checkBoth(float[] labels, Signature.Classes classes) {
        int positives = 0;
        for (float label : labels) {
            positives += label > 0 ? 1 : 0;
        }
        if (positives == 0 || positives == labels.length) {
            String missing = positives == 0 ? classes.positive() : classes.negative();
            throw Problem.input(
                            "target.one_class",
                            job.target()
                                    + ": no row to train on has the value '"
                                    + missing
                                    + "' (expected: rows of both classes)")
                    .hint("All its rows are held out, or lack a time: see train.holdout.")
                    .exception();
        }
    }
}
