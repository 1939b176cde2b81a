package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.tracking.Run;
import dev.weir.pipeline.Plan;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.RunStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class RunsTest {
    @TempDir Path above;
    private TestProject shop;

    @BeforeEach
    void begin() throws IOException {
        shop = new TestProject(above);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private static Verdict verdict(RunSummary summary, String gate) {
        return summary.rulings().stream()
                .filter(r -> r.gate().equals(gate))
                .map(Ruling::verdict)
                .findFirst()
                .orElseThrow(() -> new AssertionError(gate + " of " + summary.rulings()));
    }

    @Test
    void aTableBecomesAVersionInStagingWithACompleteRecipe() {
        RunSummary summary = shop.run();
        assertThat(summary.report().status()).isEqualTo(RunStatus.PASSED);
        assertThat(TestProject.executed(summary))
                .containsExactly("ingest", "train", "validate", "validate-latency");
        var version = shop.version("orders@staging");
        assertThat(version.version()).isOne();
        assertThat(version.recipe().complete()).isTrue();
        assertThat(version.metrics().get("roc_auc")).isGreaterThan(0.7);
        assertThat(version.recipe().link(Link.DATA).orElseThrow().path("rows").intValue())
                .isEqualTo(600);
        assertThat(verdict(summary, "validate.roc_auc.min")).isEqualTo(Verdict.PASS);
        assertThat(verdict(summary, "validate.roc_auc.not_worse_than")).isEqualTo(Verdict.SKIPPED);
        Run run =
                shop.home
                        .database()
                        .read(tx -> shop.home.tracking().run(tx, summary.report().runId()));
        assertThat(run.params()).containsEntry("max_depth", "6");
    }

    @Test
    void nothingRunsTwiceAndGatesAreJudgedAfresh() throws IOException {
        RunSummary first = shop.run();
        RunSummary again = shop.run();
        assertThat(TestProject.executed(again)).isEmpty();
        assertThat(again.created()).isFalse();
        assertThat(again.version().orElseThrow().version()).isOne();
        assertThat(again.rulings()).hasSameSizeAs(first.rulings());
        Files.writeString(shop.folder.resolve("notes.md"), "an unrelated file\n");
        assertThat(TestProject.executed(shop.run())).isEmpty();
    }

    @Test
    void aGateThatIsRaisedRejectsTheSameVersionAndTheMendBringsItBack() throws IOException {
        shop.run();
        shop.edit("pipelines/orders.yaml", "min: 0.5,", "min: 0.999,");
        RunSummary rejected = shop.run();
        assertThat(rejected.report().status()).isEqualTo(RunStatus.REJECTED);
        assertThat(TestProject.executed(rejected)).isEmpty();
        assertThat(verdict(rejected, "validate.roc_auc.min")).isEqualTo(Verdict.FAIL);
        assertThat(shop.version("orders:1").stage()).isEqualTo(Stage.DEVELOPMENT);
        assertThatThrownBy(() -> shop.promote(shop.version("orders:1")))
                .hasMessageContaining("validate.roc_auc.min");
        shop.edit("pipelines/orders.yaml", "min: 0.999,", "min: 0.5,");
        assertThat(shop.run().report().status()).isEqualTo(RunStatus.PASSED);
        assertThat(shop.version("orders@staging").version()).isOne();
    }

    @Test
    void anotherHyperParameterMakesAnotherVersionThatIsHeldAgainstProduction() throws IOException {
        shop.promote(shop.run().version().orElseThrow());
        shop.edit("configs/training/orders.yaml", "max_depth: 6", "max_depth: 1");
        shop.edit("configs/training/orders.yaml", "rounds: 200", "rounds: 1");
        Plan.Planned train = shop.runs().plan(shop.project, null, RunOptions.MANUAL).steps().get(1);
        assertThat(train.expectation()).isEqualTo(Plan.Expectation.MISS);
        assertThat(train.because())
                .containsExactly("param config.max_depth: 6 → 1", "param config.rounds: 200 → 1");
        RunSummary worse = shop.run();
        assertThat(TestProject.executed(worse))
                .containsExactlyInAnyOrder(
                        "train",
                        "validate",
                        "validate-latency",
                        "validate-unseen",
                        "validate-compare");
        assertThat(worse.report().steps())
                .filteredOn(s -> s.step().equals("validate-production"))
                .extracting(s -> s.outcome().text())
                .containsExactly("cached"); // the same model on the same rows
        assertThat(verdict(worse, "validate.roc_auc.not_worse_than")).isEqualTo(Verdict.FAIL);
        assertThat(worse.version().orElseThrow().version()).isEqualTo(2);
        assertThat(shop.version("orders@production").version()).isOne();
    }

    @Test
    void aTableThatBreaksItsExpectationsStopsBeforeTraining() throws IOException {
        String broken = TestProject.orders(600, 1).replaceFirst("\n[0-9.]+,", "\n-5000,");
        Files.writeString(above.resolve("orders.csv"), broken);
        RunSummary summary = shop.run();
        assertThat(summary.report().status()).isEqualTo(RunStatus.REJECTED);
        assertThat(summary.report().problems().getFirst().message())
                .contains("price")
                .contains("-5000");
        assertThat(TestProject.executed(summary)).containsExactly("ingest");
        assertThat(summary.version()).isEmpty();
    }

    @Test
    void oneStepRunsWithWhatItNeedsAndNoMore() {
        RunSummary summary =
                shop.runs()
                        .run(
                                shop.project,
                                null,
                                new RunOptions(
                                        Optional.of("ingest"),
                                        Optional.empty(),
                                        false,
                                        false,
                                        "manual"),
                                Progress.SILENT);
        assertThat(TestProject.executed(summary)).containsExactly("ingest");
        RunSummary from =
                shop.runs()
                        .run(
                                shop.project,
                                null,
                                new RunOptions(
                                        Optional.empty(),
                                        Optional.of("train"),
                                        false,
                                        false,
                                        "manual"),
                                Progress.SILENT);
        assertThat(TestProject.executed(from))
                .containsExactly("train", "validate", "validate-latency");
        RunSummary forced =
                shop.runs()
                        .run(
                                shop.project,
                                null,
                                new RunOptions(
                                        Optional.empty(), Optional.empty(), true, false, "manual"),
                                Progress.SILENT);
        assertThat(TestProject.executed(forced)).hasSize(4);
        assertThat(forced.version().orElseThrow().ref())
                .isEqualTo(from.version().orElseThrow().ref());
    }

    @Test
    void anOwnStepStandsBetweenTheTableAndTheTrainer() throws IOException {
        Files.createDirectories(shop.folder.resolve("src/data"));
        Files.writeString(shop.folder.resolve("src/data/pass.sh"), "cat \"$1\" > \"$2\"\n");
        shop.edit(
                "pipelines/orders.yaml",
                "train:\n",
                """
                steps:
                  pass:
                    run: sh src/data/pass.sh {{in.table}} {{out.table}}
                    in: {table: {from: ingest.table}}
                    out: {table: passed.parquet}

                train:
                  data: {from: pass.table}
                """);
        RunSummary summary = shop.run();
        assertThat(TestProject.executed(summary))
                .containsExactly("ingest", "pass", "train", "validate", "validate-latency");
        Files.writeString(shop.folder.resolve("src/data/pass.sh"), "cat < \"$1\" > \"$2\"\n");
        RunSummary edited = shop.run();
        assertThat(TestProject.executed(edited)).containsExactly("pass");
        assertThat(edited.version().orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void theHoldoutMayBeAFileOfItsOwn() throws IOException {
        Path later = Files.writeString(above.resolve("later.csv"), TestProject.orders(200, 2));
        shop.edit("pipelines/orders.yaml", "{fraction: 0.2}", "{file: " + later + "}");
        RunSummary summary = shop.run();
        assertThat(TestProject.executed(summary)).startsWith("ingest", "holdout", "train");
        assertThat(summary.report().result("validate").evidence().path("rows").intValue())
                .isEqualTo(200);
        List<String> gates = summary.rulings().stream().map(Ruling::gate).toList();
        assertThat(gates).anyMatch(g -> g.startsWith("holdout."));
    }
}
