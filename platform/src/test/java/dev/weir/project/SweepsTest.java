package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ml.tracking.Run;
import dev.weir.ml.tracking.RunStatus;
import dev.weir.pipeline.Outcome;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.Step;
import dev.weir.pipeline.StepReport;
import dev.weir.stage.train.search.Configuration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

class SweepsTest {
    private static final String CONFIG = "configs/training/orders.yaml";

    @TempDir Path above;
    private TestProject shop;

    @BeforeEach
    void begin() throws IOException {
        shop = new TestProject(above);
        shop.edit(CONFIG, "rounds: 200", "rounds: 27");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void sweep(String section) throws IOException {
        Files.writeString(
                shop.folder.resolve(CONFIG),
                "\n# Look here.\n" + section,
                StandardOpenOption.APPEND);
    }

    private SweepReport run(Progress progress) {
        return new Sweeps(shop.home, shop.services.runtime())
                .sweep(shop.project, null, SweepOptions.DEFAULT, progress);
    }

    private static List<String> executed(SweepReport report) {
        return report.run().steps().stream()
                .filter(step -> step.outcome() == Outcome.EXECUTED)
                .map(StepReport::step)
                .toList();
    }

    private List<Run> children(SweepReport report) {
        return shop.home
                .database()
                .read(
                        tx -> {
                            var experiment =
                                    shop.home.tracking().findExperiment(tx, "orders").orElseThrow();
                            return shop
                                    .home
                                    .tracking()
                                    .recent(tx, List.of(experiment.id()), 100)
                                    .stream()
                                    .filter(
                                            run ->
                                                    report.run()
                                                            .runId()
                                                            .equals(
                                                                    run.tags()
                                                                            .get(
                                                                                    "mlflow.parentRunId")))
                                    .toList();
                        });
    }

    @Test
    void aSweepTriesEachConfigurationAsAChildRunAndTheWinnerGoesIntoTheFile() throws IOException {
        sweep(
                """
                sweep:
                  trials: 4
                  seeds: 3
                  space:
                    max_depth: {int: [1, 2]}
                    gamma: [5, 10]
                    subsample: {real: [0.5, 0.9]}
                """);
        SweepReport report = run(Progress.SILENT);
        assertThat(report.run().problems()).isEmpty();
        assertThat(report.trials()).hasSize(5);
        List<Run> children = children(report);
        assertThat(children)
                .hasSize(5)
                .allSatisfy(
                        run -> {
                            assertThat(run.info().status()).isEqualTo(RunStatus.FINISHED);
                            assertThat(run.metrics()).containsKey("roc_auc");
                            assertThat(run.params()).containsEntry("nthread", "1");
                        });
        assertThat(report.trials())
                .allSatisfy(
                        trial ->
                                assertThat(children)
                                        .filteredOn(run -> run.info().id().equals(trial.runId()))
                                        .singleElement()
                                        .satisfies(
                                                run ->
                                                        assertThat(run.metrics().get("roc_auc"))
                                                                .extracting(point -> point.value())
                                                                .isEqualTo(trial.figure())));
        assertThat(report.rows().path("held_out").intValue())
                .isEqualTo(
                        600
                                - report.rows().path("fit").intValue()
                                - report.rows().path("validation").intValue());
        assertThat(report.trials())
                .isSortedAccordingTo((a, b) -> Double.compare(b.figure(), a.figure()));
        SweepReport.Result result = report.result().orElseThrow();
        assertThat(result.winner().configuration().number()).isNotEqualTo(Configuration.FILE);
        assertThat(result.best().figures()).hasSize(3);
        assertThat(result.file().figures()).hasSize(1); // all rows and columns: no chance in it
        assertThat(result.gain()).isPositive();
        assertThat(result.spread()).isPositive();

        // Nothing of it is trained again, and the answer is the same to the bit.
        SweepReport again = run(Progress.SILENT);
        assertThat(executed(again)).isEmpty();
        assertThat(again.result().orElseThrow().best()).isEqualTo(result.best());
        assertThat(again.trials())
                .extracting(SweepReport.Trial::figure)
                .isEqualTo(report.trials().stream().map(SweepReport.Trial::figure).toList());

        new Sweeps(shop.home, shop.services.runtime()).adopt(again);
        String written = Files.readString(shop.folder.resolve(CONFIG));
        assertThat(written)
                .contains("# Look here.\nsweep:")
                .contains(
                        "max_depth: " + result.winner().configuration().values().path("max_depth"))
                .contains("\ngamma: ")
                .contains("part of the recipe");
        assertThat(shop.run().version().orElseThrow().recipe().complete()).isTrue();
    }

    @Test
    void halvingGivesTheBestMoreRoundsAndRecordsEachRung() throws IOException {
        sweep(
                """
                sweep:
                  search: halving
                  trials: 9
                  space: {max_depth: {int: [1, 4]}, eta: {log: [0.01, 0.5]}}
                """);
        SweepReport report = run(Progress.SILENT);
        assertThat(report.run().problems()).isEmpty();
        assertThat(report.trials())
                .extracting(SweepReport.Trial::budget)
                .containsExactly(27L, 27L, 27L, 27L, 9L, 9L, 9L, 9L, 9L, 9L);
        String best = report.trials().getFirst().runId();
        var history =
                shop.home.database().read(tx -> shop.home.tracking().history(tx, best, "roc_auc"));
        assertThat(history).extracting(point -> point.step()).contains(27L);
        assertThat(report.result().orElseThrow().spread()).isZero();
    }

    @Test
    void halvingByRowsTrainsOnPartsOfPartsOfTheRows() throws IOException {
        shop.edit("pipelines/orders.yaml", "trainer: xgboost", "trainer: linear");
        Files.writeString(
                shop.folder.resolve(CONFIG),
                """
                sweep:
                  search: halving
                  trials: 4
                  space: {l2: {log: [0.001, 1000]}}
                """);
        SweepReport report = run(Progress.SILENT);
        assertThat(report.run().problems()).isEmpty();
        long all = report.trials().getFirst().budget();
        assertThat(report.trials().getLast().budget()).isBetween(all / 4, all / 2);
        assertThat(report.rows().path("fit").longValue()).isEqualTo(all);
    }

    @Test
    void aSweepThatWasStoppedGoesOnWhereItWas() throws IOException {
        sweep("sweep: {trials: 5, space: {max_depth: {int: [1, 5]}}}\n");
        Sweeps sweeps = new Sweeps(shop.home, shop.services.runtime());
        List<String> started = Collections.synchronizedList(new ArrayList<>());
        SweepReport stopped =
                sweeps.sweep(
                        shop.project,
                        null,
                        new SweepOptions(OptionalInt.empty(), OptionalInt.of(1)),
                        new Progress() {
                            @Override
                            public void started(Step step, int attempt) {
                                started.add(step.name());
                                if (step.name().equals("sweep-003")) {
                                    Thread.ofVirtual().start(sweeps::cancel);
                                }
                            }
                        });
        assertThat(stopped.result()).isEqualTo(Optional.empty());
        assertThat(started).contains("sweep-002-score").doesNotContain("sweep-005");
        assertThat(children(stopped)).isNotEmpty();
        SweepReport whole = run(Progress.SILENT);
        assertThat(executed(whole))
                .contains("sweep-003", "sweep-005")
                .doesNotContain("sweep-rows", "sweep-001", "sweep-002", "sweep-002-score");
        assertThat(whole.result()).isPresent();
    }

    @Test
    void whatIsNoSweepIsAProblemInWords() throws IOException {
        assertThatThrownBy(() -> run(Progress.SILENT))
                .hasMessageContaining("sweep: missing, so there is nothing to search");
        sweep("sweep: {trails: 5, space: {max_depth: {int: [1, 5]}}}\n");
        assertThatThrownBy(() -> run(Progress.SILENT)).hasMessageContaining("sweep.trails");
        assertThatThrownBy(shop::run).hasMessageContaining("sweep.trails");
    }
}
