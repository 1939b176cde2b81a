package dev.weir.stage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.model.TableScores;
import dev.weir.ml.stats.Task;

import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class TrainerProcessTest {
    @TempDir Path folder;
    private Workshop workshop;

    @BeforeEach
    void workshop() {
        workshop = new Workshop(folder);
    }

    @Test
    void writesAModelTheRowsKeptApartAndAReport() throws Exception {
        TrainJob job = workshop.job(workshop.rows(3000));
        Workshop.run(job);

        Signature signature = ModelFolder.signature(job.output().resolve("model"));
        assertThat(signature.inputs().stream().map(Input::name))
                .containsExactly("amount", "age", "member", "day", "region");
        assertThat(signature.inputs().getFirst())
                .isEqualTo(new Input.Number("amount", 0, 99.9000015258789));
        assertThat(signature.inputs().get(3))
                .isEqualTo(new Input.Moment("day", Input.Moment.Unit.DAYS));
        assertThat(signature.inputs().getLast())
                .isEqualTo(new Input.Category("region", List.of("east", "north", "süd")));
        assertThat(signature.classes()).isEqualTo(new Signature.Classes("yes", "no", 0.5));

        JsonNode report = report(job);
        int trained = report.at("/rows/trained").intValue();
        Path holdout = job.output().resolve("holdout.parquet");
        assertThat(trained + workshop.count(holdout, "true")).isEqualTo(3000);
        assertThat(trained).isBetween(2300, 2500);
        assertThat(report.at("/left_out/0/column").stringValue()).isEqualTo("note");
        assertThat(report.at("/parameters/max_depth").intValue()).isEqualTo(6);
        assertThat(report.at("/model/trees").intValue()).isEqualTo(30);
        assertThat(report.at("/export_check/rows").intValue()).isEqualTo(2000);
        assertThat(report.at("/environment/xgboost4j").stringValue()).isEqualTo("3.0.4");
        assertThat(
                        Digest.wellFormed(
                                report.at("/environment/xgboost4j_native_sha256").stringValue()))
                .isTrue();
        assertThat(right(job, holdout)).isGreaterThan(0.9);
    }

    /** Share of right decisions. */
    private static double right(TrainJob job, Path parquet) throws Exception {
        try (Scorer scorer =
                Scorer.open(ModelFolder.read(job.output().resolve("model")), job.scratch())) {
            TableScores scored = TableScores.of(scorer, parquet, new DuckDb(job.scratch(), 1));
            int right = 0;
            for (int i = 0; i < scored.scores().length; i++) {
                if (scored.scores()[i] >= 0.5 == (scored.truth()[i] == 1)) {
                    right++;
                }
            }
            return (double) right / scored.scores().length;
        }
    }

    private static JsonNode report(TrainJob job) throws Exception {
        return JsonMapper.shared()
                .readTree(Files.readAllBytes(job.output().resolve("report.json")));
    }

    @Test
    void equalJobsGiveEqualBytesInAnyProcessLanguageZoneAndNumberOfThreads() throws Exception {
        TrainJob job = workshop.job(workshop.rows(5000));
        List<List<String>> flags =
                List.of(
                        List.of(),
                        List.of(
                                "-Duser.language=tr",
                                "-Duser.country=TR",
                                "-XX:ActiveProcessorCount=1"),
                        List.of("-Dfile.encoding=ISO-8859-1", "-Duser.language=ar"));
        String[] zones = {"UTC", "Pacific/Kiritimati", "America/New_York"};
        for (int i = 0; i < 3; i++) {
            int threads = i + 1;
            TrainJob each =
                    Workshop.with(
                            job,
                            Workshop.parameters(
                                    Task.BINARY,
                                    given -> given.put("rounds", 30).put("nthread", threads)),
                            folder.resolve("out" + i));
            Process child = workshop.start(each, flags.get(i), zones[i]);
            String log = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor()).as(log).isZero();
            assertThat(log).contains("round 30/30");
            TrainerChild.interpret(0, each);
        }
        for (String file : List.of("model/model.onnx", "model/signature.json", "holdout.parquet")) {
            Digest first = Digest.ofFile(folder.resolve("out0").resolve(file));
            assertThat(Digest.ofFile(folder.resolve("out1").resolve(file)))
                    .as(file)
                    .isEqualTo(first);
            assertThat(Digest.ofFile(folder.resolve("out2").resolve(file)))
                    .as(file)
                    .isEqualTo(first);
        }
    }

    @Test
    void predictsNumbers() throws Exception {
        TrainJob job =
                Workshop.with(workshop.job(workshop.rows(3000)), "spent", null, Task.REGRESSION);
        Workshop.run(job);
        try (Scorer scorer =
                Scorer.open(ModelFolder.read(job.output().resolve("model")), job.scratch())) {
            TableScores scored =
                    TableScores.of(
                            scorer,
                            job.output().resolve("holdout.parquet"),
                            new DuckDb(job.scratch(), 1));
            double error = 0;
            for (int i = 0; i < scored.scores().length; i++) {
                error += Math.abs(scored.scores()[i] - scored.truth()[i]);
            }
            assertThat(error / scored.scores().length).isCloseTo(0, within(40.0));
        }
    }

    @Test
    void holdsOutFromAMomentOn() throws Exception {
        TrainJob job =
                Workshop.with(
                        workshop.job(workshop.rows(3000)), new Holdout.After("day", "2024-09-01"));
        Workshop.run(job);
        Path holdout = job.output().resolve("holdout.parquet");
        assertThat(workshop.count(holdout, "day < date '2024-09-01'")).isZero();
        assertThat(workshop.count(holdout, "day = date '2024-09-01'")).isEqualTo(10);
        assertThat(workshop.count(holdout, "true"))
                .isEqualTo(workshop.count(job.table(), "day >= date '2024-09-01'"));
    }

    @Test
    void holdsOutByKeySoThatRowsOfOneKeyStayTogether() throws Exception {
        TrainJob job =
                Workshop.with(
                        workshop.job(workshop.rows(3000)),
                        new Holdout.Fraction(0.3, List.of("age")));
        Workshop.run(job);
        Path holdout = job.output().resolve("holdout.parquet");
        long rows = workshop.count(job.table(), "age in (select age from '" + holdout + "')");
        assertThat(workshop.count(holdout, "true")).isEqualTo(rows).isBetween(300L, 1500L);
    }

    @Test
    void takesAnotherFileAsHoldoutAndTrainsOnAllRows() throws Exception {
        Path other = workshop.table("other.parquet", Workshop.select(500));
        TrainJob job = Workshop.with(workshop.job(workshop.rows(2000)), new Holdout.File(other));
        Workshop.run(job);
        assertThat(report(job).at("/rows/trained").intValue()).isEqualTo(2000);
        assertThat(Digest.ofFile(job.output().resolve("holdout.parquet")))
                .isEqualTo(Digest.ofFile(other));
    }

    @Test
    void rowsWithoutTargetAreOnNeitherSideAndCounted() throws Exception {
        Path table =
                workshop.table(
                        "gaps.parquet",
                        "select * replace (case when id % 10 = 0 then null else bought end as"
                                + " bought) from ("
                                + Workshop.select(2000)
                                + ")");
        TrainJob job = workshop.job(table);
        Workshop.run(job);
        assertThat(report(job).at("/rows/without_target").intValue()).isEqualTo(200);
        assertThat(workshop.count(job.output().resolve("holdout.parquet"), "bought is null"))
                .isZero();
    }

    @Test
    void frozenCategoriesAreKeptAsFarAsTheyOccur() throws Exception {
        TrainJob job =
                Workshop.with(
                        workshop.job(workshop.rows(1000)),
                        List.of(
                                new Feature(
                                        "region",
                                        Feature.Kind.CATEGORY,
                                        Optional.of(List.of("east", "never", "süd")))));
        Workshop.run(job);
        assertThat(ModelFolder.signature(job.output().resolve("model")).inputs())
                .containsExactly(new Input.Category("region", List.of("east", "süd")));
    }

    @Test
    void refusesWhatNothingCanBeLearnedFrom() throws Exception {
        Path rows = workshop.rows(1000);
        TrainJob job = workshop.job(rows);
        refused(() -> Workshop.run(Workshop.with(job, "bougth", "yes", Task.BINARY)))
                .hasMessageContaining("bougth: no such column");
        refused(() -> Workshop.run(Workshop.with(job, "bought", "maybe", Task.BINARY)))
                .hasMessageContaining("no row has the positive value 'maybe'");
        TrainJob amounts = Workshop.with(job, List.of(Feature.number("amount")));
        refused(() -> Workshop.run(Workshop.with(amounts, "region", null, Task.BINARY)))
                .hasMessageContaining("region: more than two values");
        refused(() -> Workshop.run(Workshop.with(job, "bought", null, Task.REGRESSION)))
                .hasMessageContaining("bought: VARCHAR (expected: numbers, for regression)");
        refused(() -> Workshop.run(Workshop.with(job, List.of(Feature.category("note")))))
                .hasMessageContaining("note: text with more than 255 different values");
        refused(() -> Workshop.run(Workshop.with(job, List.of(Feature.number("region")))))
                .hasMessageContaining("region: text (expected: numbers)");
        refused(() -> Workshop.run(Workshop.with(job, new Holdout.After("hour", "2024-01-01"))))
                .hasMessageContaining("hour: no such column");
        refused(() -> Workshop.run(Workshop.with(job, new Holdout.After("day", "soon"))))
                .hasMessageContaining("holdout.after: soon (expected: a day or a time");
        refused(() -> Workshop.run(Workshop.with(job, new Holdout.After("day", "2030-01-01"))))
                .hasMessageContaining("no row is held out");
        refused(() -> Workshop.run(Workshop.with(job, new Holdout.After("day", "2020-01-01"))))
                .hasMessageContaining("0 rows to train on");
        Path narrow = workshop.table("narrow.parquet", "select 1 as age, 'yes' as bought");
        refused(() -> Workshop.run(Workshop.with(job, new Holdout.File(narrow))))
                .hasMessageContaining("holdout file: no column region (expected: VARCHAR");
        onTable("select * replace ('yes' as bought)", "only the value 'yes'");
        onTable("select * replace (null::varchar as bought)", "bought: every value is missing");
        onTable("select * replace ('inf'::double as amount)", "amount: row ");
        onTable("select * replace (1e300::double as amount)", "beyond 3.4e38");
        refused(() -> Workshop.run(workshop.job(workshop.rows(20))))
                .hasMessageContaining("rows to train on (expected: at least 20)");
    }

    private void onTable(String select, String message) throws Exception {
        Path table = workshop.table("odd.parquet", select + " from (" + Workshop.select(500) + ")");
        refused(() -> Workshop.run(workshop.job(table))).hasMessageContaining(message);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable run) {
        return assertThatThrownBy(run)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT));
    }

    @Test
    void aChildTellsItsParentWhatIsWrong() throws Exception {
        TrainJob job =
                Workshop.with(workshop.job(workshop.rows(100)), "bougth", "yes", Task.BINARY);
        Process child = workshop.start(job, List.of(), "UTC");
        child.getInputStream().readAllBytes();
        int exit = child.waitFor();
        assertThat(exit).isEqualTo(2);
        refused(() -> TrainerChild.interpret(exit, job))
                .hasMessageContaining("bougth: no such column")
                .satisfies(
                        e ->
                                assertThat(((ProblemException) e).problems().getFirst().hint())
                                        .isEqualTo("Did you mean bought?"));
    }

    @Test
    void aChildKilledInMidFitIsAFailedStep() throws Exception {
        TrainJob job =
                Workshop.with(
                        workshop.job(workshop.rows(3000)),
                        Workshop.parameters(Task.BINARY, given -> given.put("rounds", 100_000)),
                        folder.resolve("out"));
        Process child = workshop.start(job, List.of(), "UTC");
        try (BufferedReader log = child.inputReader()) {
            String line = log.readLine();
            while (line != null && !line.contains("rows to train on")) {
                line = log.readLine();
            }
            assertThat(line).isNotNull();
            child.destroyForcibly();
        }
        int exit = child.waitFor();
        assertThat(exit).isEqualTo(137);
        assertThatThrownBy(() -> TrainerChild.interpret(exit, job))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STEP))
                .hasMessageContaining("it was killed (SIGKILL)");
    }

    @Test
    void aCrashLogAnOddExitAndAMissingModelAreFailedSteps() throws Exception {
        TrainJob job = workshop.job(folder.resolve("none.parquet"));
        step(0, job, "wrote no model/model.onnx");
        step(3, job, "ran out of memory");
        step(1, job, "exit code 1");
        step(139, job, "segmentation fault");
        Files.createDirectories(job.scratch());
        Files.writeString(job.scratch().resolve("hs_err_pid7.log"), "# A fatal error");
        step(1, job, "crashed in native code");
    }

    private static void step(int exit, TrainJob job, String message) {
        assertThatThrownBy(() -> TrainerChild.interpret(exit, job))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STEP))
                .hasMessageContaining(message);
    }

    @Test
    void aJobFileComesBackEqual() throws Exception {
        TrainJob job =
                new TrainJob(
                        folder.resolve("a.parquet"),
                        List.of(
                                Feature.number("n"),
                                new Feature(
                                        "c",
                                        Feature.Kind.CATEGORY,
                                        Optional.of(List.of("a", "b")))),
                        "y",
                        null,
                        Task.REGRESSION,
                        Optional.of("w"),
                        Workshop.parameters(Task.REGRESSION, given -> given.put("eta", 0.3)),
                        new Holdout.After("t", "2024-01-01"),
                        folder,
                        folder,
                        1 << 28);
        job.write(folder.resolve("job.json"));
        assertThat(TrainJob.read(folder.resolve("job.json"))).isEqualTo(job);
    }
}
