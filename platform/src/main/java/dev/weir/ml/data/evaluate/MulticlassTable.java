package dev.weir.ml.data.evaluate;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.MulticlassMetrics;
import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * A table of predictions of many classes.
 *
 * @param classes in the order of the confusion
 * @param truth the class of each row, from 0
 * @param decided the class that each row was given
 * @param probabilities rows x classes; null where only decisions are known
 * @param weights of each row; null: they count alike
 */
record MulticlassTable(
        List<String> classes,
        int[] truth,
        int[] decided,
        double @Nullable [] probabilities,
        double @Nullable [] weights) {
    private static final int MOST_CLASSES = 1_000;

    static Evaluation evaluation(PredictionTable table, PredictionColumns columns, TrueRows rows) {
        MulticlassTable all = read(table, columns, rows);
        int[] every = new int[rows.size()];
        Arrays.setAll(every, i -> i);
        return new Evaluation(
                Task.MULTICLASS,
                rows.size(),
                rows.withoutTruth(),
                all.metrics(every),
                all.classes,
                MulticlassMetrics.confusion(
                        all.decided, all.classes.size(), all.truth, all.weights),
                rows.byGroup(all::metrics),
                null);
    }

    private static MulticlassTable read(
            PredictionTable table, PredictionColumns columns, TrueRows rows) {
        String score = columns.score();
        if (score == null || !score.contains(ProbabilityColumns.ANY)) {
            if (columns.prediction() == null) {
                throw Problem.input("evaluate.multiclass", "a multiclass task without a prediction")
                        .hint(
                                "Name the column of decided classes: --prediction c, or those of"
                                        + " the probabilities: --score 'p_*'.")
                        .exception();
            }
            String[] said = table.present(columns.prediction(), rows.kept());
            Set<String> distinct = new TreeSet<>(Arrays.asList(rows.truth()));
            distinct.addAll(Arrays.asList(said));
            List<String> classes = bounded(columns, List.copyOf(distinct));
            return new MulticlassTable(
                    classes,
                    places(columns.truth(), classes, rows.truth(), rows.kept()),
                    places(columns.prediction(), classes, said, rows.kept()),
                    null,
                    rows.weights());
        }
        SortedMap<String, String> byClass = ProbabilityColumns.of(table.file().schema(), score);
        List<String> classes = bounded(columns, List.copyOf(byClass.keySet()));
        double[] probabilities = new double[rows.size() * classes.size()];
        int k = 0;
        for (String column : byClass.values()) {
            double[] values = table.within(column, rows.kept(), 1);
            for (int i = 0; i < values.length; i++) {
                probabilities[i * classes.size() + k] = values[i];
            }
            k++;
        }
        return new MulticlassTable(
                classes,
                places(columns.truth(), classes, rows.truth(), rows.kept()),
                columns.prediction() == null
                        ? MulticlassMetrics.decisions(probabilities, classes.size(), rows.size())
                        : places(
                                columns.prediction(),
                                classes,
                                table.present(columns.prediction(), rows.kept()),
                                rows.kept()),
                probabilities,
                rows.weights());
    }

    private static List<String> bounded(PredictionColumns columns, List<String> classes) {
        if (classes.size() > MOST_CLASSES) {
            throw Problem.input(
                            "evaluate.classes",
                            "%s: %,d classes (expected: at most %,d)"
                                    .formatted(columns.truth(), classes.size(), MOST_CLASSES))
                    .exception();
        }
        return classes;
    }

    private static int[] places(String column, List<String> classes, String[] values, int[] rows) {
        Map<String, Integer> places = new HashMap<>();
        classes.forEach(each -> places.put(each, places.size()));
        int[] found = new int[values.length];
        for (int i = 0; i < found.length; i++) {
            Integer place = places.get(values[i]);
            if (place == null) {
                throw Problem.input(
                                "evaluate.classes",
                                "%s: row %d is %s, which has no column of probabilities"
                                        .formatted(column, rows[i] + 1, values[i]))
                        .hint(DidYouMean.hint(values[i], classes))
                        .exception();
            }
            found[i] = place;
        }
        return found;
    }

    /** What is measured on some rows; of decisions and probabilities each what it defines. */
    private Metrics metrics(int[] at) {
        int[] known = Arrays.stream(at).map(i -> truth[i]).toArray();
        int[] said = Arrays.stream(at).map(i -> decided[i]).toArray();
        double[] weight =
                weights == null ? null : Arrays.stream(at).mapToDouble(i -> weights[i]).toArray();
        Metrics ofDecisions = MulticlassMetrics.ofDecisions(said, classes.size(), known, weight);
        if (probabilities == null) {
            return ofDecisions;
        }
        int width = classes.size();
        double[] picked = new double[at.length * width];
        for (int i = 0; i < at.length; i++) {
            System.arraycopy(probabilities, at[i] * width, picked, i * width, width);
        }
        return Evaluator.merged(
                ofDecisions, MulticlassMetrics.on(picked, width, known).under(weight));
    }
}
