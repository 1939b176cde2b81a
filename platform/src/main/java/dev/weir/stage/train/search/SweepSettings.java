package dev.weir.stage.train.search;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Better;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Task;
import dev.weir.stage.train.parameter.Trainer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The section {@code sweep:} of a training configuration.
 *
 * @param trials how many configurations are tried, 1 or more
 * @param seed of the draws
 * @param metric by which configurations are compared; empty for the one of the model's task
 * @param validation the share of the training rows that only tells which configuration is better
 * @param seeds with how many seeds the winner and the file's own configuration are trained
 * @param budget what a rung of halving has less of
 * @param reduction one of so many configurations goes on to the next rung of halving
 */
public record SweepSettings(
        Search search,
        int trials,
        long seed,
        Optional<Metric> metric,
        double validation,
        int seeds,
        Budget budget,
        int reduction,
        SearchSpace space) {
    private static final int TRIALS = 30;
    private static final long SEED = 7;
    private static final double VALIDATION = 0.2;
    private static final int SEEDS = 5;
    private static final int REDUCTION = 3;

    /** How configurations are tried. */
    public enum Search {
        /** Each with all rows and rounds. */
        RANDOM,
        /** All with little, the best with more: {@link Rungs}. */
        HALVING;

        /** The name in YAML and JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a rung of halving has less of. */
    public enum Budget {
        /** Rounds of {@code xgboost}, trees of {@code forest}. */
        ROUNDS,
        /** Rows to train on. */
        ROWS;

        /** The name in YAML and JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads the section.
     *
     * @param sweep held against its schema before
     * @param task null where it is not known yet
     * @throws ProblemException (INPUT) with what is wrong, each with its place
     */
    public static SweepSettings of(ConfigNode sweep, Trainer trainer, @Nullable Task task) {
        ConfigNode space = sweep.need("space");
        SweepSettings settings =
                new SweepSettings(
                        sweep.at("search")
                                .map(node -> Search.valueOf(upper(node)))
                                .orElse(Search.RANDOM),
                        whole(sweep, "trials", TRIALS),
                        sweep.at("seed").map(ConfigNode::whole).orElse(SEED),
                        sweep.at("metric").map(node -> metric(node, task)),
                        sweep.at("validation").map(ConfigNode::number).orElse(VALIDATION),
                        whole(sweep, "seeds", SEEDS),
                        sweep.at("budget")
                                .map(node -> Budget.valueOf(upper(node)))
                                .orElse(
                                        budgetParameter(trainer).isPresent()
                                                ? Budget.ROUNDS
                                                : Budget.ROWS),
                        whole(sweep, "reduction", REDUCTION),
                        SearchSpace.of(space, trainer, task));
        settings.checkBudget(sweep, space, trainer);
        return settings;
    }

    private static String upper(ConfigNode node) {
        return node.text().toUpperCase(Locale.ROOT);
    }

    private static int whole(ConfigNode sweep, String key, int standard) {
        return sweep.at(key).map(node -> (int) node.whole()).orElse(standard);
    }

    private static Metric metric(ConfigNode node, @Nullable Task task) {
        List<Metric> metrics =
                Arrays.stream(Metric.values())
                        .filter(each -> each.better() != Better.NEITHER)
                        .filter(each -> task == null || each.measures(task))
                        .toList();
        return Metric.named(node.text())
                .filter(metrics::contains)
                .orElseThrow(
                        () ->
                                node.problem(
                                                "sweep.metric",
                                                node.path()
                                                        + ": "
                                                        + node.text()
                                                        + " (expected: a metric of the model's task"
                                                        + " of which more or less is better)")
                                        .hint(
                                                DidYouMean.hint(
                                                        node.text(),
                                                        metrics.stream()
                                                                .map(Metric::text)
                                                                .toList()))
                                        .exception());
    }

    private void checkBudget(ConfigNode sweep, ConfigNode space, Trainer trainer) {
        if (search != Search.HALVING || budget != Budget.ROUNDS) {
            return;
        }
        Optional<String> parameter = budgetParameter(trainer);
        if (parameter.isEmpty()) {
            throw sweep.need("budget")
                    .problem(
                            "sweep.budget",
                            "sweep.budget: rounds (expected: rows; "
                                    + trainer.text()
                                    + " has no rounds)")
                    .exception();
        }
        Optional<ConfigNode> searched = space.at(parameter.get());
        if (searched.isPresent()) {
            throw searched.get()
                    .problem(
                            "sweep.budget",
                            searched.get().path()
                                    + ": is the budget of the rungs, and cannot be searched as"
                                    + " well")
                    .at(searched.get().keyPlace())
                    .hint("Say budget: rows, or take it out of the space.")
                    .exception();
        }
    }

    /** The hyper-parameter that {@link Budget#ROUNDS} counts, where the trainer has one. */
    public static Optional<String> budgetParameter(Trainer trainer) {
        return switch (trainer) {
            case XGBOOST -> Optional.of("rounds");
            case FOREST -> Optional.of("trees");
            case LINEAR -> Optional.empty();
        };
    }

    /** The metric that counts, of a model with this task. */
    public Metric metricOf(Task task) {
        return metric.orElse(
                switch (task) {
                    case BINARY -> Metric.ROC_AUC;
                    case MULTICLASS -> Metric.ACCURACY;
                    case REGRESSION -> Metric.R2;
                });
    }

    /** The same with another number of trials. */
    public SweepSettings trials(int other) {
        return new SweepSettings(
                search, other, seed, metric, validation, seeds, budget, reduction, space);
    }
}
