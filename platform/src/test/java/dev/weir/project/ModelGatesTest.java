package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ml.gate.Observed;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.gate.Verdicts;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.pipeline.RunStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ModelGatesTest {
    private static final String PIPELINE = "pipelines/orders.yaml";

    @TempDir Path above;

    private static Ruling ruling(RunSummary summary, String gate) {
        return summary.rulings().stream()
                .filter(r -> r.gate().equals(gate))
                .findFirst()
                .orElseThrow(
                        () ->
                                new AssertionError(
                                        gate
                                                + " of "
                                                + summary.rulings()
                                                + summary.report().problems()));
    }

    private static void section(TestProject shop, String line) throws IOException {
        shop.edit(PIPELINE, "validate:\n", "validate:\n  " + line + "\n");
    }

    private static void write(TestProject shop, String file, String text) throws IOException {
        Path path = shop.folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static ModelVersion version(RunSummary summary) {
        return summary.version().orElseThrow(() -> new AssertionError(summary.report().problems()));
    }

    @Test
    void aWorseModelIsHeldAgainstProductionOnTheSameRowsAndChanceDoesNotDecide()
            throws IOException {
        try (TestProject shop = new TestProject(above)) {
            shop.edit(PIPELINE, "tolerance: 0.005", "tolerance: 0");
            section(shop, "regression: {cases: tests/model/cases.csv, max_churn: 0.4}");
            write(shop, "tests/model/cases.csv", "price,days,colour,expected\n190,14,red,yes\n");
            RunSummary first = shop.run();
            assertThat(first.report().status()).isEqualTo(RunStatus.PASSED);
            Ruling nothing = ruling(first, "validate.roc_auc.not_worse_than");
            assertThat(nothing.verdict()).isEqualTo(Verdict.SKIPPED);
            assertThat(nothing.reason()).contains("there is no version in production");
            assertThat(ruling(first, "validate.regression.max_churn").verdict())
                    .isEqualTo(Verdict.SKIPPED);
            shop.promote(version(first));

            RunSummary same = shop.run();
            assertThat(TestProject.executed(same))
                    .containsExactly("validate-unseen", "validate-compare");
            assertThat(ruling(same, "validate.regression.max_churn").value())
                    .isEqualTo(new Observed.Figure(0, ""));

            // Another seed is a little better or worse: that is chance.
            shop.edit("configs/training/orders.yaml", "seed: 7", "seed: 8");
            RunSummary other = shop.run();
            Ruling compared = ruling(other, "validate.roc_auc.not_worse_than");
            assertThat(compared.verdict()).isEqualTo(Verdict.PASS);
            assertThat(compared.expected()).endsWith("of orders:1 (production)");

            // One round of stumps is worse, and no chance.
            shop.edit("configs/training/orders.yaml", "rounds:", "rounds: 1 #");
            shop.edit("configs/training/orders.yaml", "max_depth:", "max_depth: 1 #");
            RunSummary worse = shop.run();
            Ruling lost = ruling(worse, "validate.roc_auc.not_worse_than");
            assertThat(lost.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(lost.reason()).contains("it is no chance");
        }
    }

    @Test
    void casesWhoseAnswerChangesAreNamed() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            write(
                    shop,
                    "tests/model/cases.csv",
                    """
                    case,price,days,colour,returned
                    dear and late,195,14,red,yes
                    cheap and soon,6,1,blue,yes
                    nobody knows,6,1,blue,
                    """);
            section(shop, "regression: {cases: tests/model/cases.csv}");
            RunSummary summary = shop.run();
            assertThat(summary.report().status()).isEqualTo(RunStatus.REJECTED);
            Ruling cases = ruling(summary, "validate.regression.cases");
            assertThat(cases.reason())
                    .isEqualTo(
                            "regression cases: cheap and soon gives no where yes was expected"
                                    + " (expected: each as before).");
            shop.edit(PIPELINE, "cases.csv}", "cases.csv, max_failed: 0.5}");
            assertThat(ruling(shop.run(), "validate.regression.cases").verdict())
                    .isEqualTo(Verdict.PASS);

            write(shop, "tests/model/cases.csv", "price,days,colour\n1,2,red\n");
            assertThat(shop.run().report().problems().toString())
                    .contains("the regression cases have no column expected or returned");
            write(shop, "tests/model/cases.csv", "price,colour,expected\n1,red,no\n");
            assertThat(shop.run().report().problems().toString()).contains("days: no such column");
            shop.edit(PIPELINE, "model/cases.csv", "model/gone.csv");
            assertThatThrownBy(shop::run).hasMessageContaining("gone.csv");
        }
    }

    @Test
    void spoiltRowsMayCostOnlySoMuch() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            section(
                    shop,
                    "robustness: {noise: 0.01, missing: 0.9, swap: 0.9, scale: true, unseen: 0.5,"
                            + " out_of_range: true, max_drop: 0.1, max_flip: 0.15}");
            RunSummary summary = shop.run();
            assertThat(ruling(summary, "validate.robustness.noise.max_drop").verdict())
                    .isEqualTo(Verdict.PASS);
            for (String gate : List.of("missing.max_drop", "swap.max_drop", "swap.max_flip")) {
                assertThat(ruling(summary, "validate.robustness." + gate).verdict())
                        .as(gate)
                        .isEqualTo(Verdict.FAIL);
            }
            assertThat(ruling(summary, "validate.robustness.swap.max_drop").reason())
                    .startsWith("the drop of roc_auc under swap is 0.");
            double flips =
                    ruling(summary, "validate.robustness.noise.max_flip")
                            .value()
                            .figure()
                            .orElseThrow();
            assertThat(flips).isBetween(0.0, 0.1);
            assertThat(TestProject.executed(shop.run())).isEmpty();
        }
    }

    @Test
    void whatScoringNeedsIsMeasuredInAProcessOfItsOwn() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            section(
                    shop,
                    "footprint: {memory: 1GiB, model_size: 50MiB, load_time: 60s,"
                            + " throughput: 1000000000/s, severity: warn}");
            RunSummary summary = shop.run();
            assertThat(summary.report().status()).isEqualTo(RunStatus.PASSED);
            assertThat(ruling(summary, "validate.footprint.throughput").verdict())
                    .isEqualTo(Verdict.WARN);
            for (String gate : List.of("memory", "model_size", "load_time")) {
                Ruling ruling = ruling(summary, "validate.footprint." + gate);
                assertThat(ruling.verdict()).as(gate).isEqualTo(Verdict.PASS);
                assertThat(ruling.value().figure().orElseThrow()).as(gate).isPositive();
            }
            assertThat(ruling(summary, "validate.footprint.memory").value().figure().orElseThrow())
                    .as("MiB of a JVM with a model")
                    .isBetween(30.0, 600.0);
            assertThat(TestProject.executed(shop.run())).isEmpty();
        }
    }

    @Test
    void aProgramOfTheTeamsOwnJudges() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            write(
                    shop,
                    "src/models/judge.sh",
                    """
                    head -1 "$1" >&2
                    n=$(tail -n +2 "$1" | awk -F, '$NF == "yes"' | wc -l)
                    if [ "$n" -gt "$2" ]; then v=fail; else v=pass; fi
                    echo "looked at $n"
                    printf '{"verdict": "%s", "reason": "%s are sent back.", "value": %s, "expected": "at most %s"}\\n' $v $n $n $2
                    """);
            section(
                    shop,
                    "custom: {returns: {run: \"sh src/models/judge.sh {{in.predictions}}"
                            + " {{params.most}}\", params: {most: 3}}}");
            RunSummary summary = shop.run();
            Ruling judged = ruling(summary, "validate.custom.returns");
            assertThat(judged.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(judged.expected()).isEqualTo("at most 3");
            assertThat(judged.reason()).endsWith(" are sent back.");
            assertThat(judged.value().figure().orElseThrow()).isGreaterThan(3);
            assertThat(summary.report().status()).isEqualTo(RunStatus.REJECTED);

            shop.edit(PIPELINE, "most: 3", "most: 600");
            RunSummary lenient = shop.run();
            assertThat(lenient.report().status()).isEqualTo(RunStatus.PASSED);
            assertThat(TestProject.executed(lenient)).containsExactly("validate-custom-returns");

            write(shop, "src/models/judge.sh", "echo all is well\n");
            RunSummary silent = shop.run();
            assertThat(silent.report().status()).isEqualTo(RunStatus.FAILED);
            assertThat(silent.report().problems().toString()).contains("it printed no verdict");
            write(shop, "src/models/judge.sh", "echo '{\"verdict\":\"pass\"}'; exit 3\n");
            assertThat(shop.run().report().problems().toString()).contains("exit code 3");
            assertThat(shop.version("orders:1").stage().word()).isNotEqualTo("production");
        }
    }

    @Test
    void aGateThatAsksForLessThanBeforeIsShownSoAndItsHistoryIsKept() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            RunSummary first = shop.run();
            assertThat(first.rulings()).allSatisfy(r -> assertThat(r.relaxed()).isNull());
            shop.edit("configs/training/orders.yaml", "seed: 7", "seed: 8");
            shop.edit(PIPELINE, "roc_auc: {min: 0.", "roc_auc: {min: 0.1 , max: 0.9999} #");
            RunSummary second = shop.run();
            Ruling relaxed = ruling(second, "validate.roc_auc.min");
            assertThat(relaxed.relaxed()).startsWith("orders:1 was asked for >= 0.");
            assertThat(ruling(second, "validate.roc_auc.not_worse_than").expected())
                    .isEqualTo("nothing any more");
            Catalogue catalogue = new Catalogue(shop.home);
            List<Verdicts.Past> history = catalogue.gates("orders", "roc_auc");
            assertThat(history)
                    .filteredOn(past -> past.ruling().gate().equals("validate.roc_auc.min"))
                    .extracting(Verdicts.Past::subject)
                    .containsExactly("version:orders:1", "version:orders:2");
            assertThat(history.getFirst().ruling().limit()).isNotNull();
            assertThat(catalogue.gates("orders", "latency")).isNotEmpty();
            assertThatThrownBy(() -> catalogue.gates("orders", "rmse"))
                    .hasMessageContaining("no gate of orders looked at rmse");
            assertThatThrownBy(() -> catalogue.gates("order", "rmse"))
                    .hasMessageContaining("order");
        }
    }

    @Test
    void aCheckOfTheDataThatAsksForLessIsShownSo() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            write(
                    shop,
                    "expectations/orders.yaml",
                    "dataset: orders\ncolumns:\n  days: {max: 14}\n  price: {min: 0}\n");
            assertThat(ruling(shop.run(), "ingest.days.max").relaxed()).isNull();
            write(
                    shop,
                    "expectations/orders.yaml",
                    "dataset: orders\ncolumns:\n  days: {max: 14, max_fraction: 0.1}\n");
            for (int time = 0; time < 2; time++) {
                RunSummary easier = shop.run();
                assertThat(ruling(easier, "ingest.days.max").relaxed())
                        .isEqualTo("orders:1 was asked for 0");
                assertThat(ruling(easier, "ingest.price.min").reason())
                        .startsWith("Nobody asks for it any more");
            }
        }
    }
}
