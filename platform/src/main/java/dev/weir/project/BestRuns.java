package dev.weir.project;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.stats.Better;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.tracking.Experiment;
import dev.weir.ml.tracking.Run;
import dev.weir.ml.tracking.search.RunQuery;
import dev.weir.ml.tracking.search.RunSearch;
import dev.weir.store.meta.Transaction;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which parameters gave the best score. */
public final class BestRuns {
    private static final int MOST = 1_000;

    private final Home home;

    public BestRuns(Home home) {
        this.home = home;
    }

    /**
     * One run, with what it scored.
     *
     * @param versions the model versions that it made first
     */
    public record Best(Run run, double score, List<ModelVersion> versions) {
        public Best {
            versions = List.copyOf(versions);
        }
    }

    /**
     * The runs of an experiment that have a figure of this metric, the best first; of equals the
     * newest first. A pipeline's runs are in the experiment of its name.
     *
     * @param better which way the metric improves; empty: as the metric is known to
     * @param top how many, 1 to 1,000
     * @throws dev.weir.base.problem.ProblemException where there is no such experiment, no run with
     *     this metric, or it is not known which way it improves
     */
    public List<Best> of(String experiment, String metric, Optional<Better> better, int top) {
        if (top < 1 || top > MOST) {
            throw Problem.input("runs.top", "top: " + top + " (expected: 1 to 1000)").exception();
        }
        String order = direction(metric, better) == Better.HIGHER ? " DESC" : " ASC";
        return home.database()
                .read(
                        tx -> {
                            Experiment in = experiment(tx, experiment);
                            List<Run> runs =
                                    new RunSearch(home.workspace(), home.tracking())
                                            .search(
                                                    tx,
                                                    RunQuery.in(List.of(in.id()))
                                                            .orderBy(
                                                                    "metrics.`"
                                                                            + metric
                                                                            + "`"
                                                                            + order,
                                                                    "attributes.start_time DESC")
                                                            .limit(top))
                                            .items();
                            List<Best> best =
                                    runs.stream()
                                            .filter(run -> run.metrics().containsKey(metric))
                                            .map(run -> best(tx, run, metric))
                                            .filter(b -> !Double.isNaN(b.score()))
                                            .toList();
                            if (best.isEmpty()) {
                                throw noneHas(tx, in, metric);
                            }
                            return best;
                        });
    }

    private Best best(Transaction tx, Run run, String metric) {
        return new Best(
                run,
                Objects.requireNonNull(run.metrics().get(metric)).value(),
                home.registry().versionsOfRun(tx, run.info().id()));
    }

    private static Better direction(String metric, Optional<Better> asked) {
        return asked.or(() -> Metric.named(metric).map(Metric::better))
                .filter(better -> better != Better.NEITHER)
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "runs.direction",
                                                "metric: "
                                                        + metric
                                                        + " (expected: one that is known to be"
                                                        + " better when higher or lower)")
                                        .hint("Say which: --max or --min")
                                        .exception());
    }

    private Experiment experiment(Transaction tx, String name) {
        return home.tracking()
                .findExperiment(tx, name)
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "experiment.unknown",
                                                "experiment: " + name + " (expected: one that is)")
                                        .hint(
                                                DidYouMean.hint(
                                                        name,
                                                        home.tracking().experiments(tx).stream()
                                                                .map(Experiment::name)
                                                                .toList()))
                                        .exception());
    }

    private RuntimeException noneHas(Transaction tx, Experiment in, String metric) {
        SortedSet<String> known = new TreeSet<>();
        home.tracking()
                .recent(tx, List.of(in.id()), MOST)
                .forEach(run -> known.addAll(run.metrics().keySet()));
        return Problem.input(
                        "metric.unknown",
                        "metric: no run of %s has a figure of %s".formatted(in.name(), metric))
                .hint(
                        known.isEmpty()
                                ? "None of its runs has any metric."
                                : DidYouMean.hint(metric, known))
                .exception();
    }
}
