package dev.weir.project;

import dev.weir.pipeline.Input;
import dev.weir.pipeline.Resources;
import dev.weir.pipeline.Step;
import dev.weir.stage.train.ValidationRowsKind;
import dev.weir.stage.train.search.Configuration;
import dev.weir.stage.train.search.Rungs.Rung;
import dev.weir.stage.train.search.SweepSettings;
import dev.weir.stage.train.search.SweepSettings.Budget;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * The steps of a sweep. Each trial is the pipeline's own training step with other values, one
 * thread, and in place of the held-out rows a part of the rows that it may see; so its key is an
 * ordinary one, and what was trained before is known.
 */
final class TrialSteps {
    private static final String ROWS = Names.SWEEP_STEP + "rows";
    private static final String FIT = "fit";
    private static final String VALIDATION = "validation";
    private static final String SEED = "seed";

    private final Compiler compiler;
    private final SweepSettings settings;
    private final Step training;
    private final Resources each;
    private final String budgetParameter;

    /**
     * The steps of a sweep.
     *
     * @param budgetParameter what {@link Budget#ROUNDS} counts; empty where the trainer has no such
     *     thing
     * @param each what one trial may take
     */
    TrialSteps(Compiler compiler, SweepSettings settings, String budgetParameter, Resources each) {
        this.compiler = compiler;
        this.settings = settings;
        this.training = compiler.train();
        this.budgetParameter = budgetParameter;
        this.each = each;
    }

    /** The step that parts the rows, for a rung. */
    Step rows(Rung rung) {
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        ObjectNode declared = training.params();
        params.set("holdout", declared.path("holdout"));
        params.set("key", declared.path("key"));
        declared.path("time").stringValueOpt().ifPresent(time -> params.put("time", time));
        params.put("validation", settings.validation());
        params.put("share", byRows() ? rung.share() : 1);
        return Step.named(rowsName(rung), "train", new ValidationRowsKind())
                .params(params)
                .input("table", training.inputs().getOrDefault("table", compiler.table()))
                .environment(training.environment())
                .output(FIT, "fit.parquet")
                .output(VALIDATION, "validation.parquet")
                .after(training.after());
    }

    String rowsName(Rung rung) {
        return byRows() && rung.share() < 1 ? ROWS + "-r" + rung.number() : ROWS;
    }

    private boolean byRows() {
        return settings.budget() == Budget.ROWS;
    }

    /** How a configuration is called on a rung, with another seed than its own from 1. */
    String name(Configuration configuration, Rung rung, int seed) {
        String number =
                configuration.number() == Configuration.FILE
                        ? "file"
                        : "%03d".formatted(configuration.number());
        String part =
                settings.search() == SweepSettings.Search.HALVING && seed == 0
                        ? "-r" + rung.number()
                        : seed > 0 ? "-seed-" + seed : "";
        return Names.SWEEP_STEP + number + part;
    }

    /** The step that scores it. */
    static String scored(String name) {
        return name + "-score";
    }

    /** Training and scoring of a configuration on a rung. */
    List<Step> trial(Configuration configuration, Rung rung, int seed) {
        String name = name(configuration, rung, seed);
        ObjectNode params = training.params().deepCopy();
        params.set("config", parameters(configuration, rung, seed));
        params.set("holdout", JsonNodeFactory.instance.objectNode().put("file", true));
        Step trained =
                training.as(name, "train")
                        .params(params)
                        .input("table", from(rung, FIT, "in/table.parquet"))
                        .input("holdout", from(rung, VALIDATION, "in/holdout.parquet"))
                        .bounds(each, training.retries(), training.timeout());
        Step score =
                compiler.score(
                                scored(name),
                                new Input.FromStep(name, "model", "in/model"),
                                from(rung, VALIDATION, "in/rows.parquet"))
                        .bounds(
                                new Resources(each.cpu(), 0, 0),
                                training.retries(),
                                training.timeout());
        return List.of(trained, score);
    }

    private Input from(Rung rung, String output, String path) {
        return new Input.FromStep(rowsName(rung), output, path);
    }

    /** All hyper-parameters of a configuration on a rung. */
    ObjectNode parameters(Configuration configuration, Rung rung, int seed) {
        ObjectNode config = (ObjectNode) training.params().required("config").deepCopy();
        config.setAll(configuration.values());
        if (!byRows() && !budgetParameter.isEmpty()) {
            config.put(budgetParameter, rung.of(config.required(budgetParameter).intValue()));
        }
        config.put("nthread", 1);
        config.put(SEED, config.path(SEED).intValue(0) + seed);
        return config;
    }

    /** What a rung gives each of its trials; 0 where each has all. */
    long budget(Configuration configuration, Rung rung, long fitRows) {
        if (settings.search() == SweepSettings.Search.RANDOM) {
            return 0;
        }
        return byRows()
                ? fitRows
                : parameters(configuration, rung, 0).required(budgetParameter).longValue();
    }
}
