package dev.weir.stage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.model.TableScores;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.MulticlassMetrics;
import dev.weir.ml.stats.RegressionMetrics;
import dev.weir.ml.stats.Task;
import dev.weir.stage.train.parameter.Trainer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Every trainer on every task, over a table that has all kinds of columns: each run proves that the
 * graph says what the trainer says, as the trainer itself refuses to end well else.
 */
class TrainersTest {
    /** Numbers with gaps, two categories (one of 600 values), a day, a moment, sentences. */
    private static final String ROWS =
            """
            select i::bigint as id,
                   case when i % 9 = 0 then null else (i * 7919 % 1000) / 100.0 end::double as size,
                   ['red', 'green', 'blue'][i * 31 % 3 + 1] as colour,
                   'shop ' || least(i * 7717 % 1200, 600 + i % 40) as shop,
                   date '2023-03-01' + (i * 13 % 500)::integer as day,
                   timestamp '2023-01-01 00:30:00' + (i * 37 % 9000) * interval 1 hour as at,
                   ['good value', 'rather poor indeed', 'never again', 'so so, I think'][i * 17 % 4 + 1]
                       || ' for me, number ' || (i % 400) || ' 😀 Ünïted' as note,
                   (1 + i % 5)::double as weight,
                   -3 + (i * 7919 % 1000) / 100.0 + (i * 31 % 3) * 2 + (i * 17 % 4) * 2 + (i * 104729 % 97) / 97.0 as score
            from range(2400) t(i)\
            """;

    private static final List<Feature> FEATURES =
            List.of(
                    Feature.number("size"),
                    Feature.category("colour"),
                    Feature.category("shop"),
                    Feature.category("day"),
                    Feature.category("at"),
                    Feature.category("note"));

    @TempDir Path folder;
    private Workshop workshop;

    @BeforeEach
    void workshop() {
        workshop = new Workshop(folder);
    }

    private Path table() throws Exception {
        return workshop.table(
                "all.parquet",
                "select *, case when score > 6 then 'yes' else 'no' end as bought, case when score"
                    + " > 9 then 'much' when score > 4 then 'some' else 'little' end as amount from"
                    + " ("
                        + ROWS
                        + ")");
    }

    private TrainJob job(Trainer trainer, Task task, UnaryOperator<ObjectNode> given)
            throws Exception {
        return new TrainJob(
                table(),
                FEATURES,
                switch (task) {
                    case BINARY -> "bought";
                    case MULTICLASS -> "amount";
                    case REGRESSION -> "score";
                },
                task == Task.BINARY ? "yes" : null,
                task,
                Optional.empty(),
                Workshop.parameters(trainer, task, given),
                new Holdout.Fraction(0.2, List.of()),
                folder.resolve("scratch"),
                folder.resolve("out"),
                1L << 30);
    }

    private static UnaryOperator<ObjectNode> small(Trainer trainer) {
        return given ->
                switch (trainer) {
                    case XGBOOST -> given.put("rounds", 30);
                    case FOREST -> given.put("trees", 30).put("colsample_bynode", 0.8);
                    case LINEAR -> given.put("min_rows_of_word", 5);
                };
    }

    private static JsonNode report(TrainJob job) throws Exception {
        return JsonMapper.shared()
                .readTree(Files.readAllBytes(job.output().resolve("report.json")));
    }

    private static Signature signature(TrainJob job) throws Exception {
        return ModelFolder.signature(job.output().resolve("model"));
    }

    private static Metrics metrics(TrainJob job) throws Exception {
        try (Scorer scorer =
                Scorer.open(ModelFolder.read(job.output().resolve("model")), job.scratch())) {
            TableScores scored =
                    TableScores.of(
                                    scorer,
                                    job.output().resolve("holdout.parquet"),
                                    new DuckDb(job.scratch(), 1))
                            .withTruth();
            double[] truth = scored.truth();
            return switch (job.task()) {
                case REGRESSION -> RegressionMetrics.of(scored.doubles(), truth, null);
                case MULTICLASS ->
                        MulticlassMetrics.of(
                                scored.doubles(),
                                scored.width(),
                                Arrays.stream(truth).mapToInt(t -> (int) t).toArray());
                case BINARY -> {
                    boolean[] positive = new boolean[truth.length];
                    for (int i = 0; i < positive.length; i++) {
                        positive[i] = truth[i] == 1;
                    }
                    yield BinaryMetrics.of(scored.doubles(), positive, null, 0.5);
                }
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        "XGBOOST,BINARY,0.9",
        "XGBOOST,MULTICLASS,0.75",
        "XGBOOST,REGRESSION,0.8",
        "FOREST,BINARY,0.9",
        "FOREST,MULTICLASS,0.6",
        "FOREST,REGRESSION,0.6",
        "LINEAR,BINARY,0.95",
        "LINEAR,MULTICLASS,0.75",
        "LINEAR,REGRESSION,0.8"
    })
    void learnsAndSaysInTheGraphWhatItLearnt(Trainer trainer, Task task, double least)
            throws Exception {
        TrainJob job = job(trainer, task, small(trainer));
        Workshop.run(job);
        Metric metric =
                switch (task) {
                    case BINARY -> Metric.ROC_AUC;
                    case MULTICLASS -> Metric.ACCURACY;
                    case REGRESSION -> Metric.R2;
                };
        assertThat(metrics(job).value(metric).orElseThrow()).isGreaterThan(least);
        JsonNode report = report(job);
        assertThat(report.at("/trainer").stringValue()).isEqualTo(trainer.text());
        assertThat(report.at("/export_check/rows").intValue()).isGreaterThan(1800);
        List<Input> inputs = signature(job).inputs();
        assertThat(inputs.stream().filter(i -> i instanceof Input.Moment).toList())
                .containsExactly(
                        new Input.Moment("day", Input.Moment.Unit.DAYS),
                        new Input.Moment("at", Input.Moment.Unit.SECONDS));
        Input.Category shop =
                inputs.stream()
                        .filter(i -> i.name().equals("shop"))
                        .map(Input.Category.class::cast)
                        .findFirst()
                        .orElseThrow();
        assertThat(shop.other()).isTrue();
        assertThat(shop.categories()).hasSizeLessThanOrEqualTo(254).contains("shop 600");
        boolean reads = inputs.stream().anyMatch(i -> i instanceof Input.Text);
        assertThat(reads).isEqualTo(trainer == Trainer.LINEAR);
        if (task == Task.MULTICLASS) {
            assertThat(signature(job).labels()).containsExactly("little", "much", "some");
        }
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void weightedSumsHaveTheSameBytesWithAnyNumberOfThreads(Task task) throws Exception {
        List<Digest> digests = new ArrayList<>();
        for (int threads : new int[] {1, 2, 5}) {
            TrainJob job =
                    Workshop.with(
                            job(Trainer.LINEAR, task, given -> given.put("nthread", threads)),
                            Workshop.parameters(
                                    Trainer.LINEAR, task, given -> given.put("nthread", threads)),
                            folder.resolve("out" + threads));
            Workshop.run(job);
            digests.add(Digest.ofFile(job.output().resolve("model/model.onnx")));
        }
        assertThat(digests).containsOnly(digests.getFirst());
    }

    @Test
    void aClassThatTheTrainingRowsLackIsNoClassOfTheModel() throws Exception {
        Path few =
                workshop.table(
                        "few.parquet",
                        "select *, case when id < 3 then 'rare' when score > 9 then 'much' when"
                                + " score > 4 then 'some' else 'little' end as amount from ("
                                + ROWS
                                + ")");
        TrainJob whole = job(Trainer.XGBOOST, Task.MULTICLASS, given -> given.put("rounds", 5));
        TrainJob job = withHoldout(whole, new Holdout.File(few));
        Workshop.run(job);
        assertThat(signature(job).labels()).containsExactly("little", "much", "some");
        try (Scorer scorer =
                Scorer.open(ModelFolder.read(job.output().resolve("model")), job.scratch())) {
            TableScores scored = TableScores.of(scorer, few, new DuckDb(job.scratch(), 1));
            assertThat(Arrays.stream(scored.truth()).filter(Double::isNaN).count()).isEqualTo(3);
            assertThat(scored.withTruth().truth()).hasSize(2397);
        }
        TrainJob reversed =
                new TrainJob(
                        few,
                        FEATURES,
                        "amount",
                        null,
                        Task.MULTICLASS,
                        Optional.empty(),
                        job.parameters(),
                        new Holdout.File(job.table()),
                        job.scratch(),
                        folder.resolve("reversed"),
                        job.memoryBytes());
        Workshop.run(reversed);
        assertThat(signature(reversed).labels()).containsExactly("little", "much", "rare", "some");
        assertThat(metrics(reversed).value(Metric.ROC_AUC_OVR)).isEmpty();
        assertThat(metrics(reversed).value(Metric.ACCURACY)).isPresent();
    }

    private static TrainJob withHoldout(TrainJob job, Holdout holdout) {
        return Workshop.with(job, holdout);
    }

    @Test
    void stopsEarlyAndKeepsTheBestRound() throws Exception {
        TrainJob trees =
                job(
                        Trainer.XGBOOST,
                        Task.REGRESSION,
                        given ->
                                given.put("rounds", 2000)
                                        .put("eta", 0.5)
                                        .put("early_stopping_rounds", 5));
        Workshop.run(trees);
        int rounds = report(trees).at("/model/rounds").intValue();
        assertThat(rounds).isBetween(2, 1000);
        assertThat(report(trees).at("/model/trees").intValue()).isEqualTo(rounds);
        assertThat(report(trees).at("/rows/validation").intValue()).isBetween(120, 280);
        TrainJob sums =
                Workshop.with(
                        job(
                                Trainer.LINEAR,
                                Task.MULTICLASS,
                                given ->
                                        given.put("l2", 0)
                                                .put("tolerance", 0)
                                                .put("early_stopping_rounds", 3)),
                        Workshop.parameters(
                                Trainer.LINEAR,
                                Task.MULTICLASS,
                                given ->
                                        given.put("l2", 0)
                                                .put("tolerance", 0)
                                                .put("early_stopping_rounds", 3)),
                        folder.resolve("sums"));
        Workshop.run(sums);
        assertThat(report(sums).at("/model/ended").stringValue())
                .startsWith("the validation part was best after");
    }

    @ParameterizedTest
    @EnumSource(Trainer.class)
    void weightsAndBalanceMoveTheModel(Trainer trainer) throws Exception {
        TrainJob plain = job(trainer, Task.BINARY, small(trainer));
        Workshop.run(plain);
        Digest before = Digest.ofFile(plain.output().resolve("model/model.onnx"));
        TrainJob weighted = Workshop.with(plain, plain.parameters(), folder.resolve("weighted"));
        Workshop.run(Workshop.weighted(weighted, "weight"));
        assertThat(Digest.ofFile(weighted.output().resolve("model/model.onnx")))
                .isNotEqualTo(before);
        TrainJob balanced =
                Workshop.with(
                        plain,
                        Workshop.parameters(
                                trainer,
                                Task.BINARY,
                                given ->
                                        small(trainer)
                                                .apply(given)
                                                .put("class_weight", "balanced")),
                        folder.resolve("balanced"));
        Workshop.run(balanced);
        assertThat(Digest.ofFile(balanced.output().resolve("model/model.onnx")))
                .isNotEqualTo(before);
        refused(() -> Workshop.run(Workshop.weighted(plain, "wieght")), "wieght: no such column");
        refused(() -> Workshop.run(Workshop.weighted(plain, "colour")), "expected: numbers");
        refused(() -> Workshop.run(Workshop.weighted(plain, "score")), "(expected: 0 or more");
    }

    @Test
    void aDirectionIsKept() throws Exception {
        TrainJob job =
                job(
                        Trainer.XGBOOST,
                        Task.REGRESSION,
                        given -> {
                            given.put("rounds", 40).putObject("monotone").put("size", -1);
                            return given;
                        });
        Workshop.run(job);
        TrainJob free =
                Workshop.with(
                        job,
                        Workshop.parameters(Task.REGRESSION, given -> given.put("rounds", 40)),
                        folder.resolve("free"));
        Workshop.run(free);
        assertThat(metrics(job).value(Metric.R2).orElseThrow())
                .isLessThan(metrics(free).value(Metric.R2).orElseThrow() - 0.1);
        TrainJob wrong =
                Workshop.with(
                        job,
                        Workshop.parameters(
                                Task.REGRESSION,
                                given -> {
                                    given.putObject("monotone").put("sise", 1);
                                    return given;
                                }),
                        folder.resolve("wrong"));
        refused(() -> Workshop.run(wrong), "monotone: sise is no number among the features");
    }

    @Test
    void aTextWithoutSharedWordsIsRefusedInWords() throws Exception {
        TrainJob job = job(Trainer.LINEAR, Task.BINARY, given -> given);
        Path odd =
                workshop.table(
                        "odd.parquet",
                        "select md5(id::text) || ' ' || md5((id + 1e6)::text) as note, bought from"
                                + " '"
                                + job.table()
                                + "'");
        TrainJob texts =
                new TrainJob(
                        odd,
                        List.of(Feature.text("note")),
                        "bought",
                        "yes",
                        Task.BINARY,
                        Optional.empty(),
                        job.parameters(),
                        job.holdout(),
                        job.scratch(),
                        job.output(),
                        job.memoryBytes());
        refused(() -> Workshop.run(texts), "note: no word is in 2 rows or more");
    }

    @Test
    void twoClassesAreNotMany() throws Exception {
        TrainJob job = job(Trainer.XGBOOST, Task.MULTICLASS, given -> given);
        refused(() -> Workshop.run(target(job, "bought")), "bought has only 2 values");
        refused(() -> Workshop.run(target(job, "id")), "id has more values (expected: 3 to 1,000");
    }

    private static TrainJob target(TrainJob job, String target) {
        return new TrainJob(
                job.table(),
                List.of(Feature.number("size")),
                target,
                null,
                job.task(),
                job.weight(),
                job.parameters(),
                job.holdout(),
                job.scratch(),
                job.output(),
                job.memoryBytes());
    }

    private interface Run {
        void go() throws Exception;
    }

    private static void refused(Run run, String message) {
        assertThatThrownBy(run::go)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining(message);
    }
}
