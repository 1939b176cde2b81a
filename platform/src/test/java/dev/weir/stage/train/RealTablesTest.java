package dev.weir.stage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.TableScores;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.RegressionMetrics;
import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The goals on real tables, with the defaults of the trainer and nothing tuned. */
class RealTablesTest {
    private static final Set<String> ADULT_CATEGORIES =
            Set.of(
                    "workclass",
                    "education",
                    "marital_status",
                    "occupation",
                    "relationship",
                    "race",
                    "sex",
                    "native_country");
    private static final List<String> ADULT =
            List.of(
                    "age",
                    "workclass",
                    "education",
                    "education_num",
                    "marital_status",
                    "occupation",
                    "relationship",
                    "race",
                    "sex",
                    "capital_gain",
                    "capital_loss",
                    "hours_per_week",
                    "native_country");

    @TempDir Path folder;

    @Test
    void adultReachesItsAucOnTheHoldoutFile() throws Exception {
        Workshop workshop = new Workshop(folder);
        Path table = csv(workshop, "adult/adult.csv", "nullstr = '?'");
        Path holdout = csv(workshop, "adult/adult-holdout.csv", "nullstr = '?'");
        List<Feature> features = new ArrayList<>();
        for (String name : ADULT) {
            features.add(
                    ADULT_CATEGORIES.contains(name)
                            ? Feature.category(name)
                            : Feature.number(name));
        }
        TrainJob job =
                job(table, features, "income", ">50K", Task.BINARY, new Holdout.File(holdout));
        Workshop.run(job);
        TableScores scored = scores(job);
        boolean[] truth = new boolean[scored.truth().length];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = scored.truth()[i] == 1;
        }
        double auc =
                BinaryMetrics.of(widened(scored.scores()), truth, null, 0.5)
                        .value(Metric.ROC_AUC)
                        .orElseThrow();
        System.out.println("adult: ROC AUC " + auc);
        assertThat(auc).isGreaterThanOrEqualTo(0.92);
    }

    @Test
    void bikeSharingReachesItsR2ByFractionAndSaysItByTime() throws Exception {
        Workshop workshop = new Workshop(folder);
        Path table = csv(workshop, "bike-sharing/hour-2011.csv", "auto_detect = true");
        List<Feature> features = new ArrayList<>();
        for (String name :
                List.of(
                        "season",
                        "yr",
                        "mnth",
                        "hr",
                        "holiday",
                        "weekday",
                        "workingday",
                        "weathersit",
                        "temp",
                        "atemp",
                        "hum",
                        "windspeed")) {
            features.add(Feature.number(name));
        }
        double byFraction =
                r2(
                        job(
                                table,
                                features,
                                "cnt",
                                null,
                                Task.REGRESSION,
                                new Holdout.Fraction(0.2, List.of())));
        double byTime =
                r2(
                        job(
                                table,
                                features,
                                "cnt",
                                null,
                                Task.REGRESSION,
                                new Holdout.After("ts", "2011-10-20")));
        System.out.println(
                "bike sharing: R2 " + byFraction + " by fraction, " + byTime + " by time");
        assertThat(byFraction).isGreaterThanOrEqualTo(0.90);
    }

    private double r2(TrainJob job) throws Exception {
        Workshop.run(job);
        TableScores scored = scores(job);
        Files.delete(job.output().resolve("holdout.parquet"));
        return RegressionMetrics.of(widened(scored.scores()), scored.truth(), null)
                .value(Metric.R2)
                .orElseThrow();
    }

    private static TableScores scores(TrainJob job) throws Exception {
        try (Scorer scorer =
                Scorer.open(ModelFolder.read(job.output().resolve("model")), job.scratch())) {
            return TableScores.of(
                    scorer, job.output().resolve("holdout.parquet"), new DuckDb(job.scratch(), 1));
        }
    }

    private TrainJob job(
            Path table,
            List<Feature> features,
            String target,
            @Nullable String positive,
            Task task,
            Holdout holdout) {
        return new TrainJob(
                table,
                features,
                target,
                positive,
                task,
                Optional.empty(),
                Workshop.parameters(task, given -> given),
                holdout,
                folder.resolve("scratch"),
                folder.resolve("out"),
                1L << 30);
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static Path csv(Workshop workshop, String name, String options) throws Exception {
        Path file = data().resolve(name);
        assumeTrue(
                Files.exists(file), "no " + file + ": the goal on this table is not checked here");
        return workshop.table(
                file.getFileName() + ".parquet",
                "select * from read_csv('" + file + "', " + options + ")");
    }

    /** The folder that {@code weir.data} names, or the first {@code shared/data} found upward. */
    private static Path data() {
        String named = System.getProperty("weir.data");
        if (named != null) {
            return Path.of(named);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("shared/data"))) {
                return at.resolve("shared/data");
            }
        }
        return Path.of("../shared/data");
    }
}
