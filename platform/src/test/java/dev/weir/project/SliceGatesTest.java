package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.Wiring;
import dev.weir.ml.data.RealTables;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdict;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.RunStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class SliceGatesTest {
    @TempDir Path above;

    private static Ruling ruling(RunSummary summary, String gate) {
        return summary.rulings().stream()
                .filter(r -> r.gate().equals(gate))
                .findFirst()
                .orElseThrow(() -> new AssertionError(gate + " of " + summary.rulings()));
    }

    private static void slices(TestProject shop, String section) throws IOException {
        shop.edit("pipelines/orders.yaml", "validate:\n", "validate:\n  slices: " + section + "\n");
    }

    @Test
    void eachSliceIsHeldToTheBoundAndSmallOnesAreSkipped() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            slices(
                    shop,
                    "{by: [colour], min_rows: 30, metrics: {accuracy: {min: 0.2, max_gap: 0.9},"
                            + " recall: {min: 1.0, severity: warn}},"
                            + " fairness: {demographic_parity_difference: {max: 0.99}}}");
            RunSummary summary = shop.run();
            assertThat(summary.report().status()).isEqualTo(RunStatus.PASSED);
            List<String> gates =
                    summary.rulings().stream()
                            .map(Ruling::gate)
                            .filter(gate -> gate.startsWith("validate.slices."))
                            .toList();
            assertThat(gates)
                    .contains(
                            "validate.slices.colour=red.accuracy.min",
                            "validate.slices.colour=(missing).accuracy.min",
                            "validate.slices.colour.accuracy.max_gap",
                            "validate.slices.colour=blue.recall.min",
                            "validate.slices.colour.demographic_parity_difference.max");
            assertThat(ruling(summary, "validate.slices.colour=blue.recall.min").verdict())
                    .isEqualTo(Verdict.WARN);
            assertThat(TestProject.executed(shop.run())).isEmpty();

            shop.edit("pipelines/orders.yaml", "min_rows: 30", "min_rows: 5000");
            RunSummary few = shop.run();
            assertThat(TestProject.executed(few)).containsExactly("validate-slices");
            Ruling skipped = ruling(few, "validate.slices.colour=red.accuracy.min");
            assertThat(skipped.verdict()).isEqualTo(Verdict.SKIPPED);
            assertThat(skipped.reason()).contains("rows (expected: at least 5000)");
            assertThat(ruling(few, "validate.slices.colour.accuracy.max_gap").verdict())
                    .isEqualTo(Verdict.SKIPPED);
            assertThat(
                            ruling(few, "validate.slices.colour.demographic_parity_difference.max")
                                    .verdict())
                    .isEqualTo(Verdict.SKIPPED);
        }
    }

    @Test
    void aSliceBelowItsBoundStopsTheRunAndIsNamed() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            slices(
                    shop,
                    "{by: [colour], min_rows: 5, metrics: {accuracy: {min: 0.999, max_gap: 0}}}");
            RunSummary summary = shop.run();
            assertThat(summary.report().status()).isEqualTo(RunStatus.REJECTED);
            assertThat(ruling(summary, "validate.slices.colour=red.accuracy.min").reason())
                    .startsWith("accuracy of colour=red is 0.");
            assertThat(ruling(summary, "validate.slices.colour.accuracy.max_gap").reason())
                    .startsWith("the gap of accuracy between the values of colour is 0.");
        }
    }

    @Test
    void aMetricThatIsNotOfTheTaskIsAnErrorNeverAPass() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            slices(shop, "{by: [colour], min_rows: 5, metrics: {rmse: {max: 1000}}}");
            RunSummary summary = shop.run();
            assertThat(summary.report().status()).isEqualTo(RunStatus.REJECTED);
            assertThat(ruling(summary, "validate.slices.colour=red.rmse.max").verdict())
                    .isEqualTo(Verdict.ERROR);
        }
    }

    @Test
    void mistakesInTheSectionAreToldWithTheirPlace() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            slices(shop, "{by: [colour], metrics: {acuracy: {min: 0.5}}}");
            assertThatThrownBy(shop::run).hasMessageContaining("acuracy: no such metric");
            shop.edit("pipelines/orders.yaml", "acuracy", "accuracy");
            shop.edit("pipelines/orders.yaml", "by: [colour]", "by: [color]");
            assertThat(shop.run().report().problems().toString()).contains("color");
            shop.edit("pipelines/orders.yaml", "by: [color]", "by: [price]");
            assertThat(shop.run().report().problems().toString())
                    .contains("different values (expected: at most 100");
        }
    }

    @Test
    void calibrationIsHeldToItsBounds() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            shop.edit(
                    "pipelines/orders.yaml",
                    "validate:\n",
                    "validate:\n  calibration: {ece: {max: 0.9}, brier: {max: 0.0001, severity:"
                            + " warn}}\n");
            RunSummary summary = shop.run();
            assertThat(ruling(summary, "validate.ece.max").verdict()).isEqualTo(Verdict.PASS);
            assertThat(ruling(summary, "validate.brier.max").verdict()).isEqualTo(Verdict.WARN);
        }
    }

    @Test
    void theSlicesOfAdultShowTheKnownGap() throws IOException {
        Path folder = above.resolve("income");
        Wiring services = new Wiring(above);
        InitOptions options =
                new InitOptions(
                        above,
                        folder,
                        RealTables.file("adult/adult.csv").toString(),
                        "income",
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        JsonNodeFactory.instance.objectNode(),
                        false);
        new Init(services::home, services.runtime(), 0).begin(options);
        Path file = folder.resolve("pipelines/income.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "validate:\n",
                                "validate:\n  slices: {by: [sex, race], min_rows: 30, metrics:"
                                        + " {recall: {min: 0.3, max_gap: 0.01}}, fairness:"
                                        + " {demographic_parity_difference: {max: 0.05}}}\n"));
        Project project = Project.around(folder);
        try (Home home = services.home(project)) {
            RunSummary summary =
                    new Runs(home, services.runtime())
                            .run(project, null, RunOptions.MANUAL, Progress.SILENT);
            assertThat(summary.report().status()).isEqualTo(RunStatus.REJECTED);
            assertThat(ruling(summary, "validate.slices.sex.recall.max_gap").verdict())
                    .isEqualTo(Verdict.FAIL);
            assertThat(
                            ruling(summary, "validate.slices.sex.demographic_parity_difference.max")
                                    .verdict())
                    .isEqualTo(Verdict.FAIL);
            JsonNode sex = summary.report().result("validate-slices").evidence().path("sex");
            double women = rate(sex, "Female");
            double men = rate(sex, "Male");
            assertThat(men - women).isBetween(0.1, 0.3);
            assertThat(sex.path("slices").path("Male").path("metrics").path("recall").doubleValue())
                    .isGreaterThan(
                            sex.path("slices")
                                    .path("Female")
                                    .path("metrics")
                                    .path("recall")
                                    .doubleValue());
        }
    }

    private static double rate(JsonNode column, String slice) {
        return column.path("slices")
                .path(slice)
                .path("metrics")
                .path("positive_rate")
                .doubleValue();
    }
}
