package dev.weir.project;

import dev.weir.base.problem.Problem;
import dev.weir.ml.stats.Better;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Task;
import dev.weir.pipeline.Node;
import dev.weir.pipeline.Step;
import dev.weir.pipeline.Transition;
import dev.weir.pipeline.Transition.Decision;
import dev.weir.pipeline.Transition.Results;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;
import dev.weir.stage.train.search.Configuration;
import dev.weir.stage.train.search.Draws;
import dev.weir.stage.train.search.Rungs;
import dev.weir.stage.train.search.Rungs.Rung;
import dev.weir.stage.train.search.SweepSettings;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One sweep that goes on: rung after rung, then the winner and the file as it is under several
 * seeds. What a rung needs is known when the one before has ended, so that each rung's transition
 * gives the run its next steps. Touched by the engine's thread only.
 */
final class Sweep {
    private final SweepSettings settings;
    private final Trainer trainer;
    private final TrialSteps steps;
    private final TrialRuns runs;
    private final List<Configuration> drawn;
    private final List<Rung> rungs;
    private final Map<Integer, SweepReport.Trial> trials = new HashMap<>();
    private JsonNode rows = JsonNodeFactory.instance.objectNode();
    private @Nullable Metric metric;
    private SweepReport.@Nullable Result result;

    Sweep(SweepSettings settings, Trainer trainer, TrialSteps steps, TrialRuns runs) {
        this.settings = settings;
        this.trainer = trainer;
        this.steps = steps;
        this.runs = runs;
        this.drawn = Draws.of(settings);
        this.rungs = Rungs.of(settings, drawn.size());
    }

    /**
     * The first nodes; each gives the run those after it, so that a trial is scored and told before
     * the next is trained.
     *
     * @param needs what makes the table, and judges it
     */
    List<Node> begin(Set<String> needs) {
        Step rows = steps.rows(rungs.getFirst()).after(needs);
        return List.of(
                rows,
                new Transition(
                        Names.SWEEP_STEP + "begin",
                        "train",
                        Set.of(rows.name()),
                        (runId, results) -> new Decision.More(rung(0, drawn))));
    }

    private List<Node> rung(int place, List<Configuration> contestants) {
        Rung rung = rungs.get(place);
        boolean last = place == rungs.size() - 1;
        List<Configuration> all = new ArrayList<>(contestants);
        if (last) {
            all.addFirst(Configuration.ofFile());
        }
        List<Node> nodes = new ArrayList<>(List.of(steps.rows(rung)));
        for (Configuration configuration : all) {
            String name = steps.name(configuration, rung, 0);
            nodes.addAll(steps.trial(configuration, rung, 0));
            nodes.add(
                    new Transition(
                            name + "-told",
                            "train",
                            Set.of(TrialSteps.scored(name), steps.rowsName(rung)),
                            (runId, results) -> told(runId, results, configuration, rung)));
        }
        nodes.add(
                new Transition(
                        Names.SWEEP_STEP + "rung-" + rung.number(),
                        "train",
                        all.stream()
                                .map(each -> steps.name(each, rung, 0) + "-told")
                                .collect(Collectors.toSet()),
                        (runId, results) ->
                                last ? winner(runId, results, rung) : next(place, contestants)));
        return nodes;
    }

    private Decision told(String runId, Results results, Configuration configuration, Rung rung) {
        JsonNode scored =
                results.of(TrialSteps.scored(steps.name(configuration, rung, 0))).evidence();
        rows = results.of(steps.rowsName(rung)).evidence();
        long budget = steps.budget(configuration, rung, rows.path("fit").longValue());
        String id =
                runs.told(
                        runId,
                        configuration.number(),
                        steps.parameters(configuration, rungs.getLast(), 0),
                        scored.path("metrics"),
                        budget);
        trials.put(
                configuration.number(),
                new SweepReport.Trial(configuration, figure(scored), rung.number(), budget, id));
        return new Decision.Proceed();
    }

    private double figure(JsonNode scored) {
        return scored.path("metrics").path(metric(scored).text()).doubleValue(Double.NaN);
    }

    private Metric metric(JsonNode scored) {
        if (metric == null) {
            Task task = Task.named(scored.path("task").stringValue()).orElseThrow();
            Metric wanted = settings.metricOf(task);
            if (!wanted.measures(task)) {
                throw Problem.input(
                                "sweep.metric",
                                "sweep.metric: %s (expected: a metric of a model that is %s)"
                                        .formatted(wanted.text(), task.text()))
                        .exception();
            }
            metric = wanted;
        }
        return metric;
    }

    private Decision next(int place, List<Configuration> contestants) {
        List<Configuration> best =
                contestants.stream()
                        .map(each -> trials.get(each.number()))
                        .sorted(order())
                        .map(SweepReport.Trial::configuration)
                        .limit(rungs.get(place + 1).configurations())
                        .toList();
        return new Decision.More(rung(place + 1, best));
    }

    /** Further rungs first, then the better figure, then the earlier configuration. */
    private Comparator<SweepReport.Trial> order() {
        boolean lower = metric != null && metric.better() == Better.LOWER;
        return Comparator.comparingInt((SweepReport.Trial trial) -> -trial.rung())
                .thenComparingDouble(
                        trial ->
                                Double.isNaN(trial.figure())
                                        ? Double.POSITIVE_INFINITY
                                        : lower ? trial.figure() : -trial.figure())
                .thenComparingInt(trial -> trial.configuration().number());
    }

    /** The trials that there are, the best first. */
    List<SweepReport.Trial> ranked() {
        return trials.values().stream().sorted(order()).toList();
    }

    /** Who is best, and with it the seeds that show how much of that is chance. */
    private Decision winner(String runId, Results results, Rung rung) {
        SweepReport.Trial best = ranked().getFirst();
        if (Double.isNaN(best.figure())) {
            throw Problem.rejected(
                            "sweep.undefined",
                            "no trial has a %s on the validation rows"
                                    .formatted(metric == null ? "figure" : metric.text()))
                    .hint("Bring more rows, or change sweep.validation or sweep.metric.")
                    .exception();
        }
        SweepReport.Trial file = trials.get(Configuration.FILE);
        if (file == null || best.equals(file)) {
            return decided(runId, best, List.of(best.figure()), List.of(best.figure()));
        }
        List<Node> nodes = new ArrayList<>();
        Set<String> needs = Set.copyOf(seeds(best.configuration(), rung, nodes));
        List<String> more = new ArrayList<>(needs);
        more.addAll(seeds(file.configuration(), rung, nodes));
        if (more.isEmpty()) {
            return decided(runId, best, List.of(best.figure()), List.of(file.figure()));
        }
        nodes.add(
                new Transition(
                        Names.SWEEP_STEP + "winner",
                        "train",
                        Set.copyOf(more),
                        (id, scores) ->
                                decided(
                                        id,
                                        best,
                                        figures(best, rung, scores),
                                        figures(file, rung, scores))));
        return new Decision.More(nodes);
    }

    /** Adds the training under other seeds, where a seed decides anything; what scores it. */
    private List<String> seeds(Configuration configuration, Rung rung, List<Node> into) {
        List<String> scores = new ArrayList<>();
        for (int seed = 1; chance(configuration, rung) && seed < settings.seeds(); seed++) {
            into.addAll(steps.trial(configuration, rung, seed));
            scores.add(TrialSteps.scored(steps.name(configuration, rung, seed)));
        }
        return scores;
    }

    private boolean chance(Configuration configuration, Rung rung) {
        return new TrainerParameters(trainer, steps.parameters(configuration, rung, 0)).chance();
    }

    private List<Double> figures(SweepReport.Trial trial, Rung rung, Results results) {
        List<Double> figures = new ArrayList<>(List.of(trial.figure()));
        Configuration configuration = trial.configuration();
        for (int seed = 1; chance(configuration, rung) && seed < settings.seeds(); seed++) {
            String name = TrialSteps.scored(steps.name(configuration, rung, seed));
            figures.add(figure(results.of(name).evidence()));
        }
        return figures;
    }

    private Decision decided(
            String runId, SweepReport.Trial best, List<Double> figures, List<Double> ofFile) {
        Metric compared = metric;
        if (compared == null) {
            throw new IllegalStateException("decided before anything was measured");
        }
        result =
                new SweepReport.Result(
                        best,
                        compared,
                        new SweepReport.Seeds(figures),
                        new SweepReport.Seeds(ofFile));
        runs.won(
                runId,
                best.configuration().number(),
                best.configuration().values(),
                compared.text(),
                best.figure());
        return new Decision.Proceed();
    }

    Optional<Metric> metric() {
        return Optional.ofNullable(metric);
    }

    JsonNode rows() {
        return rows;
    }

    Optional<SweepReport.Result> result() {
        return Optional.ofNullable(result);
    }
}
